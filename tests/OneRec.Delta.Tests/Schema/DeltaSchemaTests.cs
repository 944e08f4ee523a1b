using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>Schemas against JSON written by hand from the protocol, "Schema Serialization Format".</summary>
public sealed class DeltaSchemaTests
{
    private const string Nested =
        """{"type":"struct","fields":[{"name":"id","type":"long","nullable":false,"metadata":{}},{"name":"price","type":"decimal(20,4)","nullable":true,"metadata":{}},{"name":"codes","type":{"type":"array","elementType":"integer","containsNull":false},"nullable":true,"metadata":{}},{"name":"tags","type":{"type":"map","keyType":"string","valueType":{"type":"struct","fields":[{"name":"at","type":"timestamp","nullable":true,"metadata":{}}]},"valueContainsNull":true},"nullable":true,"metadata":{}}]}""";

    private static readonly string[] Primitives =
    [
        "string", "long", "integer", "short", "byte", "float", "double", "boolean", "binary", "date", "timestamp",
        "timestamp_ntz", "decimal(38,18)",
    ];

    [Fact]
    public void Every_primitive_has_one_Arrow_type() => Assert.Equal(
        ["utf8", "int64", "int32", "int16", "int8", "float", "double", "bool", "binary", "date32", "timestamp", "timestamp", "decimal128"],
        Primitives.Select(p => Assert.Single(Read(p).FieldsList).DataType.Name));

    [Fact]
    public void Nested_schema_is_read_and_written_alike()
    {
        Schema schema = DeltaSchema.Read(Nested);
        Assert.Equal(Nested, DeltaSchema.Write(schema));
        Assert.Equal(["long", "decimal(20,4)", "array<integer>", "map<string,struct>"], schema.FieldsList.Select(f => DeltaSchema.NameOf(f.DataType)));
        Assert.Equal(["False", "True", "True", "True"], schema.FieldsList.Select(f => f.IsNullable.ToString()));
        Assert.False(((ListType)schema.FieldsList[2].DataType).ValueField.IsNullable);
    }

    [Theory]
    [InlineData("variant")]
    [InlineData("void")]
    [InlineData("interval day to second")]
    [InlineData("decimal(39,0)")]
    [InlineData("decimal(5,6)")]
    [InlineData("decimal(10,-2)")]
    [InlineData("decimal(10)")]
    public void Unknown_type_is_refused_by_name(string type) =>
        AssertRefused($"the table has a column of the unsupported type '{type}'; rewrite the table without it", () => Read(type));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"type":"struct","fields":{}}""")]
    [InlineData("""{"type":"struct","fields":[{"name":"id","type":"long"}]}""")]
    [InlineData("""{"type":"struct","fields":[{"name":null,"type":"long","nullable":true}]}""")]
    [InlineData("""{"type":"struct","fields":[{"name":"id","type":{"type":"array","elementType":"long"},"nullable":true}]}""")]
    public void Broken_schema_is_told(string json) =>
        AssertRefused("the table's schemaString is not a valid Delta schema; rewrite the table", () => DeltaSchema.Read(json));

    [Fact]
    public void Snapshot_of_an_unknown_type_names_the_table()
    {
        using var scratch = new ScratchFolder();
        var log = new HandLog(scratch["t"]);
        log.Commit(
            0, HandLog.Protocol(),
            HandLog.MetaData("""{"type":"struct","fields":[{"name":"v","type":"variant","nullable":true,"metadata":{}}]}""", "[]"));
        AssertRefused(
            $"{log.Folder} version 0: the table has a column of the unsupported type 'variant'; rewrite the table without it",
            () => log.Table.LatestSnapshot());
    }

    [Fact]
    public void Arrow_type_that_Delta_lacks_names_the_column() => AssertRefused(
        "column 's.element' has the Arrow type uint32, which a Delta table cannot store",
        () => DeltaSchema.Write(new Schema([new Field("s", new ListType(new Field("item", UInt32Type.Default, true)), true)], null)));

    private static Schema Read(string type) =>
        DeltaSchema.Read($$$"""{"type":"struct","fields":[{"name":"c","type":"{{{type}}}","nullable":true,"metadata":{}}]}""");

    private static void AssertRefused(string message, Action act)
    {
        var e = Assert.Throws<OneRecException>(act);
        Assert.Equal((message, "delta.schema", ErrorKind.Table), (e.Message, e.Code, e.Kind));
    }
}
