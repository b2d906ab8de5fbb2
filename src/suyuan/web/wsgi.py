"""What a WSGI server serves: the pages, the API, the static files; and, where asked, the clock of this process."""

from __future__ import annotations

import os

from suyuan.bootstrap import set_up

set_up()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - after the settings

application = get_wsgi_application()

if os.environ.get("SUYUAN_BACKGROUND") == "1":
    from suyuan.web.background import keep_going

    keep_going()
