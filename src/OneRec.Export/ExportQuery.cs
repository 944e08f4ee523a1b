using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Export.Files;
using OneRec.Export.Folder;
using OneRec.Export.Formats;
using OneRec.Export.Ids;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using ParquetSharp;

namespace OneRec.Export;

/// <summary>Writes the IDs of a codebook as files that other programs read. No table is changed.</summary>
public static class ExportQuery
{
    private const string Step = "export";

    /// <summary>Refuses a folder that must not be written, before an engine is started.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="request">Names the folder.</param>
    /// <exception cref="OneRecException">Configuration error <c>export.folder</c>.</exception>
    public static void RequireFolder(OneRecOptions options, ExportRequest request)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(request);
        RequireOutsideOfTables(request.Folder, options.Tables);
        try
        {
            ExportFolder.Require(request.Folder, request.Overwrite);
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            throw Unwritable(request, e);
        }
    }

    /// <summary>Writes an export.</summary>
    /// <param name="engine">The engine; the same IDs give the same bytes on both.</param>
    /// <param name="options">Valid options: <c>codebook</c> chooses the IDs.</param>
    /// <param name="request">Format, folder, twins.</param>
    /// <param name="observer">Gets progress, in items.</param>
    /// <param name="clock">For the seconds.</param>
    /// <param name="cancellation">Ctrl-C: nothing is left.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="OneRecException">The folder must not be written, there are no IDs, or the disk refuses.</exception>
    public static IReadOnlyList<Fact> Run(
        IEngine engine, OneRecOptions options, ExportRequest request, IRunObserver observer, TimeProvider clock, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(observer);
        ArgumentNullException.ThrowIfNull(clock);
        long start = clock.GetTimestamp();
        observer.Started(Step);
        IExportFormat format = ExportFormats.All.FirstOrDefault(f => f.Name == request.Format)
            ?? throw OneRecException.Configuration("export.format", $"no format '{request.Format}'; use {string.Join(", ", ExportFormats.All.Select(f => f.Name))}");
        RequireFolder(options, request);
        TwinPolicy twins = request.Twins ?? format.Twins;
        try
        {
            using ExportFolder folder = ExportFolder.Begin(request.Folder, request.Overwrite);
            using ExportedIds ids = ExportedIds.Open(
                engine, options.Codebook, twins, request.WithDeleted, (phase, done, total) => observer.Progressed(Step, phase, done, total, "items"), cancellation, withUsers: format.ReadsUsers);
            observer.Message(Step, $"{ids.Counts.Items:N0} items, {ids.Counts.Ids:N0} IDs of codebook {ids.Origin.CodebookId}");
            IReadOnlyList<Fact> ofFormat = format.Write(ids, folder, request.GivenFolder);
            IReadOnlyList<ExportedFile> files = folder.Seal();
            cancellation.ThrowIfCancellationRequested();
            if (folder.Publish(Note(format, ids, twins, request.WithDeleted, files)) is { } left)
            {
                observer.Message(Step, $"files were added to the export that was replaced, so it was not removed; it is now {left}");
            }

            return
            [
                new Fact("folder", request.Folder),
                new Fact("format", format.Name),
                new Fact("codebook", ids.Origin.CodebookId),
                Generation(ids.Origin),
                Fact.Of("items", ids.Counts.Items),
                Fact.Of("IDs", ids.Counts.Ids),
                Twins(twins, ids.Counts),
                Deleted(request.WithDeleted, ids.Counts),
                .. ofFormat,
                Fact.Of("files", files.Count + 1),
                new Fact("size", MemorySize.Format(folder.Bytes)) { Json = folder.Bytes },
                Seconds(clock.GetElapsedTime(start)),
            ];
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            throw Unwritable(request, e);
        }
    }

    private static bool IsOfTheDisk(Exception e) => e is IOException or UnauthorizedAccessException or ParquetException;

    private static OneRecException Unwritable(ExportRequest request, Exception e) => SystemFailure.Of(e)?.At($"export to {request.Folder}", e)
        ?? OneRecException.Configuration("export.io", $"export to {request.Folder}: cannot be written ({e.Message.Split('\n')[0]}); name another folder", e);

    private static void RequireOutsideOfTables(string folder, string tables)
    {
        if (Uri.TryCreate(tables, UriKind.Absolute, out Uri? uri) && !uri.IsFile)
        {
            return;
        }

        string home = RealPath.Of(Path.GetFullPath(tables)) ?? tables;
        if (RealPath.Of(folder) is { } real && (real == home || RealPath.IsBelow(real, home)))
        {
            throw OneRecException.Configuration("export.folder", $"{folder} lies in the folder of tables; name a folder outside of {tables}");
        }
    }

    private static byte[] Note(IExportFormat format, ExportedIds ids, TwinPolicy twins, bool withDeleted, IReadOnlyList<ExportedFile> files)
    {
        var note = new JsonObject
        {
            ["writer"] = ExportFolder.Writer,
            ["version"] = CodeVersion.Text,
            ["format"] = format.Name,
            ["codebook_id"] = ids.Origin.CodebookId,
            ["model_id"] = ids.Origin.ModelId,
            ["generation"] = ids.Origin.Generation,
            ["published"] = ids.Origin.IsPublished,
            ["tables"] = new JsonObject(ids.Origin.Versions.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value))),
            ["codes"] = new JsonArray([.. ids.Sizes.Select(s => JsonValue.Create(s))]),
            ["items"] = ids.Counts.Items,
            ["ids"] = ids.Counts.Ids,
            ["twins"] = TwinsNote(twins, ids.Counts),
            ["deleted"] = DeletedNote(withDeleted, ids.Counts),
            ["files"] = new JsonArray([.. files.Select(f => new JsonObject { ["name"] = f.Name, ["bytes"] = f.Bytes, ["sha256"] = f.Sha256 })]),
        };
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonLines.Options with { Indented = true }))
        {
            note.WriteTo(json);
        }

        return [.. buffer.ToArray(), (byte)'\n'];
    }

    private static JsonObject TwinsNote(TwinPolicy policy, IdCounts counts) => new()
    {
        ["policy"] = policy.ToString().ToLowerInvariant(),
        ["items"] = counts.Twins,
        ["shared_ids"] = counts.SharedIds,
        ["left_out"] = counts.LeftOut,
    };

    private static JsonObject DeletedNote(bool withDeleted, IdCounts counts) => new() { ["items"] = counts.Deleted, ["exported"] = withDeleted };

    private static Fact Generation(IdOrigin origin) => new(
        "generation",
        origin.Generation is { } number ? $"{number}{(origin.IsPublished ? ", the current one" : ", not the current one")}" : "not published")
    {
        Json = origin.Generation,
    };

    private static Fact Twins(TwinPolicy policy, IdCounts counts)
    {
        string sharing = $"{counts.Twins:N0} items share {counts.SharedIds:N0} IDs";
        return new Fact("twins", (counts.SharedIds, policy) switch
        {
            (0, TwinPolicy.Slot) => "none; the slot is the last code",
            (0, _) => "none",
            (_, TwinPolicy.Share) => $"{sharing} (share)",
            (_, TwinPolicy.Slot) => $"{sharing}; the slot, 0 to {counts.HighestSlot:N0}, is the last code (slot)",
            _ => $"{sharing}; {counts.LeftOut:N0} are left out: of each ID, the item with the lowest slot, which got it first, stays (first)",
        })
        {
            Json = TwinsNote(policy, counts),
        };
    }

    private static Fact Deleted(bool withDeleted, IdCounts counts) => new(
        "deleted", counts.Deleted == 0 ? "none" : $"{counts.Deleted:N0} items, {(withDeleted ? "exported too" : "left out")}")
    {
        Json = DeletedNote(withDeleted, counts),
    };

    private static Fact Seconds(TimeSpan elapsed) => Fact.Of(
        "seconds", Math.Round(elapsed.TotalSeconds, 3), elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture));
}
