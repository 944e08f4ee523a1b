using OneRec.Csv.Records;

namespace OneRec.Inputs.Initial;

/// <summary>Writes section <c>input.csv</c> of a first configuration: what the files' names do not say.</summary>
internal static class CsvForms
{
    /// <summary>Adds the section, if there is anything to say.</summary>
    /// <param name="found">The inputs by role.</param>
    /// <param name="entries">The entries of section <c>input</c>, with their comments.</param>
    public static void Add(IReadOnlyDictionary<SourceRole, FoundSource> found, List<(string[] Comments, string Entry)> entries)
    {
        (SourceRole Role, TextForm Form)[] forms =
        [
            .. found.Where(f => f.Key is SourceRole.Log or SourceRole.Items or SourceRole.Tags && f.Value.Form is not null)
                .OrderBy(f => f.Key)
                .Select(f => (f.Key, f.Value.Form!)),
        ];
        string[] texts = [.. forms.Select(f => Options(f.Form))];
        if (texts.All(t => t.Length == 0))
        {
            return;
        }

        List<string> comments = ["How the text of the files is written."];
        comments.AddRange(forms.Where(f => f.Form.IsHeaderless).Select(
            f => $"{Key(f.Role)} has no header: check these names, which are guesses by the values of the first rows."));

        // What all have in common is said once.
        string section = texts.Distinct(StringComparer.Ordinal).Count() == 1 && !forms.Any(f => f.Form.IsHeaderless)
            ? texts[0]
            : string.Join(", ", forms.Zip(texts).Where(f => f.Second.Length > 0).Select(f => $"\"{Key(f.First.Role)}\": {{ {f.Second} }}"));
        entries.Add(([.. comments], $"\"csv\": {{ {section} }}"));
    }

    private static string Key(SourceRole role) => InitialText.Key(role)["input.".Length..];

    private static string Options(TextForm form)
    {
        var options = new List<string>();
        CsvFormat format = form.Format;
        if (format.Separator != form.ByName)
        {
            options.Add($"\"separator\": {InitialText.Json(format.Name)}");
        }

        if (format.Header?.Names is { } names)
        {
            options.Add($"\"header\": [{string.Join(", ", names.Select(InitialText.Json))}]");
        }

        if (format.Unquoted && format.Separator != CsvFormat.Colons)
        {
            options.Add("\"quotes\": false");
        }

        if (format.Encoding == TextEncoding.Windows1252)
        {
            options.Add("\"encoding\": \"windows-1252\"");
        }

        return string.Join(", ", options);
    }
}
