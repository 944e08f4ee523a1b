using OneRec.Core;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Csv;

namespace OneRec.Inputs.Sources;

/// <summary>Reads a source once, in whichever state its files are.</summary>
internal static class InputReading
{
    /// <summary>Keeps what SQL makes of a source's rows.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="source">The files.</param>
    /// <param name="bad">Takes records that are malformed; null: the first is an error.</param>
    /// <param name="make">The rows to keep, of the source's.</param>
    /// <exception cref="OneRecException">The first malformed record, or what the engine told.</exception>
    public static IKeptRelation Keep(
        IQueryEngine engine, InputSource source, BadRowList? bad, Func<IRelation, IRelation> make)
    {
        try
        {
            return engine.Keep(make(source.Read(engine)));
        }
        catch (OneRecException e) when (e.Kind is ErrorKind.Input or ErrorKind.Engine)
        {
            // An engine's own words for a malformed record differ; ours name file and row.
            using var scratch = new ScratchCopies();
            if (source.Mend(e, bad, scratch) is not { } mended)
            {
                throw;
            }

            return engine.Keep(make(mended.Read(engine)));
        }
    }
}
