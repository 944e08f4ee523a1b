using OneRec.Core;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Running;

/// <summary>One step of the job: describes itself, plans what its rows depend on, then makes them.</summary>
/// <remarks>A step is stateless; everything it needs is in what it is given. It commits its main table last.</remarks>
public interface IStep
{
    /// <summary>What the step says of itself: help, options, checks and provenance are made from it.</summary>
    StepDescription Description { get; }

    /// <summary>Its name on the command line and in the tables.</summary>
    string Name => Description.Name;

    /// <summary>Why the whole job leaves the step out now; null where it takes part. A step asked for by name always runs.</summary>
    string? WhyLeftOut(PlanContext context) => null;

    /// <summary>
    /// Looks at the user's files, headers and first rows; commits nothing. Called for all steps before the first one of a
    /// whole job begins to work, so that a wrong path or column ends the run before it writes a table.
    /// </summary>
    /// <exception cref="OneRecException">What the step would end with: a file, a column or a model is missing.</exception>
    void RequireInputs(PlanContext context)
    {
    }

    /// <summary>Names every table and file that the step will read, at a version, and the parameters that change its rows.</summary>
    /// <remarks>Cheap: reads versions and small files.</remarks>
    StepPlan Plan(PlanContext context);

    /// <summary>Makes the rows from the planned inputs and commits them with <see cref="StepRun.Note"/>.</summary>
    /// <exception cref="OneRecException">What the user must know.</exception>
    /// <exception cref="OperationCanceledException">Ctrl-C; tables stay at their last commit.</exception>
    StepOutcome Run(StepRun run);

    /// <summary>The path of a result that is no table, such as a page or a model folder; null where there is none.</summary>
    string? ResultPath(OneRecOptions options) => null;

    /// <summary>The fingerprint in a result that is no table; null where no result is there.</summary>
    string? ResultFingerprint(OneRecOptions options) => null;

    /// <summary>What the step will take, from counts of the inputs; null where they do not tell.</summary>
    /// <exception cref="OneRecException">A model folder does not hold.</exception>
    StepEstimate? Estimate(InputCounts counts, OneRecOptions options) => null;
}
