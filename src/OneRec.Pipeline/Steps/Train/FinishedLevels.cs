using OneRec.Pipeline.Running;

namespace OneRec.Pipeline.Steps.Train;

/// <summary>
/// The levels of one training that are done, kept beside the tables until the codebook is committed, so that a killed
/// training goes on with the level after them and ends with the same bits.
/// </summary>
/// <param name="context">The run.</param>
/// <param name="fingerprint">The training's: levels of another are not used.</param>
internal sealed class FinishedLevels(StepContext context, string fingerprint)
{
    private const string Step = "train";

    /// <summary>The levels from 0 on that are there, whole and of this training.</summary>
    /// <param name="levels">Levels of the training.</param>
    public IEnumerable<FinishedLevel> Load(int levels)
    {
        for (int level = 0; level < levels; level++)
        {
            if (context.Engine.Checkpoints.Load(Step, NameOf(level)) is not { } bytes)
            {
                yield break;
            }

            if (!FinishedLevel.IsWhole(bytes))
            {
                context.Observer.Told(Step, $"the saved level {level} of an interrupted run is damaged and is trained again");
                yield break;
            }

            if (FinishedLevel.Read(bytes, fingerprint, level) is not { } finished)
            {
                context.Observer.Told(Step, $"the saved level {level} is of other inputs or options and is not used");
                yield break;
            }

            yield return finished;
        }
    }

    /// <summary>Saves a level.</summary>
    public void Save(int level, FinishedLevel finished) =>
        context.Engine.Checkpoints.Save(Step, NameOf(level), finished.Write(fingerprint, level));

    /// <summary>Removes all levels: the codebook is committed.</summary>
    public void Clear() => context.Engine.Checkpoints.Clear(Step);

    private static string NameOf(int level) => $"level-{level}";
}
