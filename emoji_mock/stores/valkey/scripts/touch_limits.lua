-- Note that the limits of the namespace ARGV[2] are in use.
limits_touch(ARGV[2])
