"""Management plans: what was laid down with a decision, the filer's answer, what is kept, confirmed and looked at again."""
