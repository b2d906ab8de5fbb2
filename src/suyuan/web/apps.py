"""The pages as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages as a Django application."""

    name = "suyuan.web"
    label = "web"
