using OneRec.Core;
using OneRec.Pipeline.Running;

namespace OneRec.Alignment.Steps;

/// <summary>A build without libtorch (<c>-p:Torch=none</c>): refuses by name.</summary>
internal static class AlignWork
{
    /// <summary>Refuses.</summary>
    /// <exception cref="OneRecException">Engine error <c>align.no-torch</c>.</exception>
    public static void Require() => throw NoTorch();

    /// <summary>The refusal.</summary>
    public static OneRecException NoTorch() => OneRecException.Engine(
        "align.no-torch",
        "this build of onerec has no libtorch, which align and compare train with; build it with -p:Torch=cpu (linux-x64), train there and copy the model folder, or set embed.model=pool");

    /// <summary>Is never reached.</summary>
    public static StepOutcome Run(StepRun run) => throw new NotSupportedException(run.Step);
}
