"""Management plans: what was laid down with a decision, the filer's answer, what is kept and confirmed, when it is looked at again."""
