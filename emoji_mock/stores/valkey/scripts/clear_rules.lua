-- Remove the rules of the namespace ARGV[2], or all without one, and return how many there were.
renew_epoch()
return rules_clear(ARGV[2])
