using OneRec.Core;

namespace OneRec.Pipeline.Inputs;

/// <summary>Finds the first record that is no record of a source: what the user is told where an engine refused to read.</summary>
internal static class CsvCheck
{
    /// <summary>The error that names file and row; null where every record is well formed.</summary>
    public static OneRecException? FirstMalformed(CsvSource source)
    {
        try
        {
            foreach (string file in source.Files.Files)
            {
                using var reader = new CsvReader(file, source.MultiLine);
                CsvRecord? wrong = reader.Records().FirstOrDefault(r => r.Fields.Count != source.Columns.Count);
                if (wrong is not null)
                {
                    return OneRecException.Input(
                        "input.csv",
                        $"{file}: row {wrong.Row} has {wrong.Fields.Count} fields, but the header has {source.Columns.Count}");
                }
            }

            return null;
        }
        catch (OneRecException e)
        {
            return e;
        }
    }
}
