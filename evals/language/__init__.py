"""What words mean: amounts, numbers, negations, orders, steps. Text in, spans out; no draft is looked at here."""
