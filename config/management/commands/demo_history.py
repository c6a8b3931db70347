"""`manage.py demo_history`: three months of a provider's life, by the real commands under simulated time."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.demo import people
from config.demo.script import Story
from config.demo.simulation import Act, play
from kernel import clock

PLACE = "history-until.txt"


class Command(BaseCommand):
    """Build the demo's history once; one that was interrupted goes on where it stopped."""

    help = "Build the demo's history under simulated time."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Play the story up to now, verify it, and write down who can sign in."""
        if settings.PRODUCTION:
            raise CommandError("a demo's history does not belong into production: set MAKEGOOD_ENV=demo")
        place = settings.DATA_DIR / PLACE
        finished = settings.DATA_DIR / "sign-ins.txt"
        if finished.exists():
            self.stdout.write("the history is there")
            return
        now = clock.now()
        story = Story(now, people.hire(Story(now).start))
        play(story.acts(), since=story.start - timedelta(hours=1), until=now, told=self._tell, place=place)
        call_command("verify", stdout=self.stdout, stderr=self.stderr)
        finished.write_text(people.sign_ins(people.key_for(people.ACME, now=now)), encoding="utf-8")

    def _tell(self, act: Act) -> None:
        self.stdout.write(f"{act.at:%Y-%m-%d %H:%M}  {act.what}")
