"""What if: a draft of the terms, run over past months beside the terms that judged them; nothing is written."""
