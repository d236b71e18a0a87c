-- Note that the namespace ARGV[2] uses its rules.
shares_touch('rules', ARGV[2])
