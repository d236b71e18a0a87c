"""What the page shows of one call: a pure function of the fake, and the parts that it is made of."""
