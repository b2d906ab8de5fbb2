"""Pages, one file per subject; each file's ``urlpatterns`` are its addresses."""
