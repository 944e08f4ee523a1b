using OneRec.Core;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Running;

/// <summary>One step of the job: describes itself, plans what its rows depend on, then computes them.</summary>
/// <remarks>A step is stateless: everything it needs is passed to it. It commits its main table last.</remarks>
public interface IStep
{
    /// <summary>Description of the step, from which help, options, checks and provenance are built.</summary>
    StepDescription Description { get; }

    /// <summary>Name of the step on the command line and in the tables.</summary>
    string Name => Description.Name;

    /// <summary>
    /// Why the whole job skips the step; null if the step runs. A step requested by name always runs.
    /// </summary>
    string? WhyLeftOut(PlanContext context) => null;

    /// <summary>
    /// Checks the user's files, their headers and first rows; commits nothing. In a whole job, called for all steps
    /// before the first one starts to work, so that a wrong path or column ends the run before it writes a table.
    /// </summary>
    /// <exception cref="OneRecException">
    /// The error that the step would end with: a missing file, column or model.
    /// </exception>
    void RequireInputs(PlanContext context)
    {
    }

    /// <summary>
    /// Lists every table and file that the step will read, with versions, and the parameters that change its rows.
    /// </summary>
    /// <remarks>Cheap: reads only versions and small files.</remarks>
    StepPlan Plan(PlanContext context);

    /// <summary>Computes the rows from the planned inputs and commits them with <see cref="StepRun.Note"/>.</summary>
    /// <exception cref="OneRecException">An error to show to the user.</exception>
    /// <exception cref="OperationCanceledException">
    /// The run was cancelled; tables stay at their last commit.
    /// </exception>
    StepOutcome Run(StepRun run);

    /// <summary>
    /// The path of a result that is not a table, such as a page or a model folder; null if there is none.
    /// </summary>
    string? ResultPath(OneRecOptions options) => null;

    /// <summary>The fingerprint stored in a result that is not a table; null if the result does not exist.</summary>
    string? ResultFingerprint(OneRecOptions options) => null;

    /// <summary>
    /// Estimates the time and space of the step from counts of the inputs; null if they are not sufficient.
    /// </summary>
    /// <exception cref="OneRecException">A model folder is invalid.</exception>
    StepEstimate? Estimate(InputCounts counts, OneRecOptions options) => null;
}
