"""Settings, urls, Celery app, embedded services, registration."""
