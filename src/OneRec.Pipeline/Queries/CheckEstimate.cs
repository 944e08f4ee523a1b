using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;

namespace OneRec.Pipeline.Queries;

/// <summary>Estimates the time and space of a run, step by step, from counts of the inputs.</summary>
/// <remarks>Rates are per core, measured on the sample data and set low, so that times are overestimated.</remarks>
internal static class CheckEstimate
{
    private const long ProcessBytes = 250 << 20;

    /// <summary>Adds the estimates of the steps to a section.</summary>
    /// <exception cref="Core.OneRecException">The error that the first step would end with, of those that a run would not leave out.</exception>
    public static void Add(CheckFacts facts, IReadOnlyList<IStep> steps, InputCounts counts, PlanContext context)
    {
        OneRecOptions options = context.Options;
        double seconds = 0;
        long disk = 0;
        long scratch = 0;
        long memory = 0;
        var problems = new List<string>();
        foreach (IStep step in steps)
        {
            if (step.Estimate(counts, options) is not { } estimate)
            {
                continue;
            }

            // Where there is a table of items already, the catalogue's number is not all.
            if (estimate.Refusal is { } refusal && context.Engine.Tables.State("items") is null && step.WhyLeftOut(context) is null)
            {
                throw refusal;
            }

            foreach ((string name, long count) in estimate.Counts)
            {
                facts.Count($"{step.Name}_{name}", count);
            }

            facts.Seconds($"{step.Name}_seconds", estimate.Seconds);
            seconds += estimate.Seconds;
            disk += estimate.TableBytes;
            scratch = Math.Max(scratch, estimate.ScratchBytes);
            memory = Math.Max(memory, estimate.MemoryBytes);
            if (estimate.Problem is { } problem)
            {
                problems.Add(problem);
            }
        }

        facts.Seconds("seconds", seconds);
        facts.Bytes("memory_bytes", Math.Min(options.MemoryBytes(), ProcessBytes + (2 * memory)));
        facts.Bytes("disk_bytes", disk + scratch);
        foreach (string problem in problems)
        {
            facts.Text("problem", problem);
        }
    }
}
