using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using ParquetSharp.Arrow;

namespace OneRec.Delta.Tests;

/// <summary>
/// Classic checkpoints written from the protocol's text ("Checkpoint Schema"): the rows are the same JSON as a commit's
/// lines.
/// </summary>
internal static class HandCheckpoint
{
    private static readonly MapType Texts = new(
        new Field("key", StringType.Default, false), new Field("value", StringType.Default, true), false);

    private static readonly ListType Names = new(new Field("element", StringType.Default, true));

    private static readonly Schema Schema = new(
        [
            Action("txn", ("appId", StringType.Default), ("version", Int64Type.Default), ("lastUpdated", Int64Type.Default)),
            Action(
                "add", ("path", StringType.Default), ("partitionValues", Texts), ("size", Int64Type.Default),
                ("modificationTime", Int64Type.Default), ("dataChange", BooleanType.Default), ("tags", Texts),
                ("stats", StringType.Default),
                ("deletionVector", new StructType([new Field("storageType", StringType.Default, true)]))),
            Action("sidecar", ("path", StringType.Default), ("sizeInBytes", Int64Type.Default)),
            Action(
                "remove", ("path", StringType.Default), ("deletionTimestamp", Int64Type.Default),
                ("dataChange", BooleanType.Default)),
            Action(
                "metaData", ("id", StringType.Default), ("name", StringType.Default), ("description", StringType.Default),
                ("format", new StructType(
                [
                    new Field("provider", StringType.Default, true), new Field("options", Texts, true),
                ])),
                ("schemaString", StringType.Default), ("partitionColumns", Names), ("configuration", Texts),
                ("createdTime", Int64Type.Default)),
            Action(
                "protocol", ("minReaderVersion", Int32Type.Default), ("minWriterVersion", Int32Type.Default),
                ("readerFeatures", Names), ("writerFeatures", Names)),
        ],
        null);

    /// <summary>Writes a checkpoint, in one file or in parts of consecutive rows.</summary>
    /// <param name="log">The table.</param>
    /// <param name="version">The version whose state it holds.</param>
    /// <param name="parts">Null for the name without parts.</param>
    /// <param name="rows">Actions as a commit's lines.</param>
    public static void Write(HandLog log, long version, int? parts, IReadOnlyList<string> rows)
    {
        for (int part = 1; part <= (parts ?? 1); part++)
        {
            int first = rows.Count * (part - 1) / (parts ?? 1);
            int end = rows.Count * part / (parts ?? 1);
            string name = parts is null ? "" : $".{part:D10}.{parts:D10}";
            Write(log[$"{version:D20}.checkpoint{name}.parquet"], [.. rows.Skip(first).Take(end - first)]);
        }
    }

    private static void Write(string path, string[] rows)
    {
        JsonNode[] actions = [.. rows.Select(r => JsonNode.Parse(r)!)];
        using var writer = new FileWriter(path, Schema);
        using var batch = new RecordBatch(
            Schema, Schema.FieldsList.Select(f => JsonArrow.Build(f.DataType, [.. actions.Select(a => a[f.Name])])), rows.Length);
        writer.WriteRecordBatch(batch);
        writer.Close();
    }

    private static Field Action(string name, params (string Name, IArrowType Type)[] fields) =>
        new(name, new StructType([.. fields.Select(f => new Field(f.Name, f.Type, true))]), true);
}
