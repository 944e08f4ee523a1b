using System.Globalization;
using System.Text.Json;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Engine;
using OneRec.Pipeline.Running;
using Spectre.Console;

namespace OneRec.Cli.Output;

/// <summary>Writes the summary of a run to standard output.</summary>
internal static class SummaryWriter
{
    // From here on, a reader notices them.
    private const long ManySmallFiles = 100;

    // Output that is not a terminal has no width; wide enough that no line is wrapped.
    private const int RedirectedWidth = 400;

    /// <summary>Writes a summary.</summary>
    /// <param name="command">The command that ran, such as <c>run</c>.</param>
    /// <param name="summary">What it did.</param>
    /// <param name="format">The format.</param>
    /// <param name="writer">Standard output.</param>
    /// <param name="width">Columns of the terminal; 0 if standard output is not a terminal.</param>
    public static void Write(string command, RunSummary summary, OutputFormat format, TextWriter writer, int width)
    {
        switch (format)
        {
            case OutputFormat.Json:
                WriteJson(command, summary, writer);
                break;
            case OutputFormat.Csv:
                WriteCsv(summary, writer);
                break;
            default:
                WriteText(summary, writer, width);
                break;
        }
    }

    private static void WriteText(RunSummary summary, TextWriter writer, int width)
    {
        using var rendered = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(rendered),
        });
        console.Profile.Width = width > 0 ? width : RedirectedWidth;
        Table table = new Table().Border(TableBorder.Simple);
        table.AddColumn("step");
        table.AddColumn("status");
        table.AddColumn(new TableColumn("rows").RightAligned());
        table.AddColumn(new TableColumn("seconds").RightAligned());
        table.AddColumn(new TableColumn("rows/s").RightAligned());
        table.AddColumn(new TableColumn("read").RightAligned());
        table.AddColumn(new TableColumn("written").RightAligned());
        table.AddColumn(new TableColumn("peak memory").RightAligned());
        table.AddColumn("facts");
        foreach (StepSummary step in summary.Steps)
        {
            table.AddRow(
                new Text(step.Step),
                new Text(Status(step)),
                new Text(Worked(step) ? step.Rows.ToString("N0", CultureInfo.InvariantCulture) : ""),
                new Text(Seconds(step.Seconds)),
                new Text(Rate(step)),
                new Text(step.Bytes.Read is { } read && Worked(step) ? MemorySize.Format(read) : ""),
                new Text(Worked(step) ? MemorySize.Format(step.Bytes.Written) : ""),
                new Text(MemorySize.Format(step.PeakBytes)),
                new Text(Printable.Line(Facts(step))));
        }

        console.Write(table);
        foreach (string line in rendered.ToString().Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0))
        {
            writer.WriteLine(line);
        }

        bool nothing = summary.Steps.Count > 0 && summary.Steps.All(s => s.UpToDate || s.LeftOut is not null);
        string what = nothing ? "everything was up to date, nothing was written" : "done";
        writer.WriteLine(
            $"run {Printable.Line(summary.RunId)}: {what} in {Seconds(summary.Seconds)} s, peak memory {MemorySize.Format(summary.PeakBytes)}{(nothing ? "" : Bytes(summary.Bytes))}");
        if (summary.Times.Count > 0)
        {
            writer.WriteLine($"engine: {string.Join(", ", summary.Times.Select(t => $"{t.What} {Seconds(t.Seconds)} s"))}");
        }

        if (summary.SmallFiles >= ManySmallFiles)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the tables have {summary.SmallFiles:N0} small files; 'onerec maintain' merges them"));
        }

        foreach (StepSummary step in summary.Steps.Where(s => s.Result is not null))
        {
            writer.WriteLine(Printable.Line($"{step.Step}: {step.Result}"));
        }
    }

    private static void WriteCsv(RunSummary summary, TextWriter writer)
    {
        CsvWriter.WriteLine(
            writer, ["run_id", "step", "up_to_date", "rows", "seconds", "read_bytes", "written_bytes", "peak_memory_bytes", "tables", "facts"]);
        foreach (StepSummary step in summary.Steps)
        {
            CsvWriter.WriteLine(writer,
            [
                summary.RunId,
                step.Step,
                step.UpToDate ? "true" : "false",
                step.Rows.ToString(CultureInfo.InvariantCulture),
                step.Seconds.ToString("R", CultureInfo.InvariantCulture),
                step.Bytes.Read?.ToString(CultureInfo.InvariantCulture),
                step.Bytes.Written.ToString(CultureInfo.InvariantCulture),
                step.PeakBytes.ToString(CultureInfo.InvariantCulture),
                string.Join(' ', step.Tables.Select(t => $"{t.Table}@{t.Version}")),
                Facts(step),
            ]);
        }
    }

    private static void WriteJson(string command, RunSummary summary, TextWriter writer)
    {
        using var buffer = new MemoryStream();
        JsonWriterOptions options = ArrowCell.Json;
        options.Indented = true;
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            json.WriteStartObject();
            json.WriteString("run_id", summary.RunId);
            json.WriteString("command", command);
            json.WriteNumber("seconds", summary.Seconds);
            json.WriteNumber("peak_memory_bytes", summary.PeakBytes);
            WriteBytes(json, summary.Bytes);
            json.WriteString("report", summary.Steps.FirstOrDefault(s => s.Step == "report")?.Result);
            json.WriteNumber("small_files", summary.SmallFiles);
            WriteTimes(json, summary.Times);
            json.WriteStartArray("steps");
            foreach (StepSummary step in summary.Steps)
            {
                WriteStep(json, step);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        writer.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    private static void WriteTimes(Utf8JsonWriter json, IReadOnlyList<TimeShare> times)
    {
        if (times.Count == 0)
        {
            return;
        }

        json.WriteStartObject("engine_seconds");
        foreach (TimeShare share in times)
        {
            json.WriteNumber(share.What, share.Seconds);
        }

        json.WriteEndObject();
    }

    private static void WriteBytes(Utf8JsonWriter json, EngineBytes bytes)
    {
        if (bytes.Read is { } read)
        {
            json.WriteNumber("read_bytes", read);
        }

        json.WriteNumber("written_bytes", bytes.Written);
    }

    private static void WriteStep(Utf8JsonWriter json, StepSummary step)
    {
        json.WriteStartObject();
        json.WriteString("step", step.Step);
        json.WriteBoolean("up_to_date", step.UpToDate);
        if (step.LeftOut is not null)
        {
            json.WriteString("left_out", step.LeftOut);
        }

        if (step.Since is not null)
        {
            json.WriteString("since_run", step.Since);
        }

        json.WriteNumber("rows", step.Rows);
        json.WriteNumber("seconds", step.Seconds);
        json.WriteNumber("peak_memory_bytes", step.PeakBytes);
        WriteBytes(json, step.Bytes);
        json.WriteStartArray("tables");
        foreach (TableVersion table in step.Tables)
        {
            json.WriteStartObject();
            json.WriteString("table", table.Table);
            json.WriteNumber("version", table.Version);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (step.Result is not null)
        {
            json.WriteString("result", step.Result);
        }

        json.WriteStartObject("facts");
        foreach (Fact fact in step.Facts)
        {
            FactsWriter.WriteJson(json, fact);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Status(StepSummary step) =>
        step.LeftOut is not null ? "left out"
        : step.UpToDate ? "up to date"
        : "done";

    private static bool Worked(StepSummary step) => !step.UpToDate && step.LeftOut is null;

    private static string Rate(StepSummary step) => Worked(step) && step.Rows > 0 && step.Seconds > 0
        ? (step.Rows / step.Seconds).ToString(step.Rows / step.Seconds >= 10 ? "N0" : "0.0", CultureInfo.InvariantCulture)
        : "";

    private static string Bytes(EngineBytes bytes) =>
        (bytes.Read is > 0 and var read ? $", read {MemorySize.Format(read)}" : "")
        + (bytes.Written > 0 ? $", written {MemorySize.Format(bytes.Written)}" : "");

    private static string Facts(StepSummary step) => step.LeftOut ?? (step.Since is { } run ? $"since run {run}" : null) ?? string.Join(", ", step.Facts.Select(f => $"{f.Name} {f.Value}"));

    private static string Seconds(double seconds) => seconds.ToString("F1", CultureInfo.InvariantCulture);
}
