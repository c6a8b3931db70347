"""What beat starts for customers."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings

from customers import commands
from kernel import clock


@shared_task(name="customers.forget_answers", ignore_result=True)
def forget_answers() -> None:
    """Drop answers to programs that are older than repeats are answered with them; may run twice."""
    commands.forget_answers(before=clock.now() - timedelta(days=settings.MAKEGOOD_API_ANSWERS_DAYS))
