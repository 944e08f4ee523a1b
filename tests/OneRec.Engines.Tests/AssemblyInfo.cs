using Xunit.Sdk;
using Xunit.v3;

// One JVM at a time: two would take the memory and cores that each alone needs.
[assembly: Parallelization(Mode = ParallelMode.None)]
