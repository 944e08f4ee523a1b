using System.Globalization;
using System.Text.Json;
using OneRec.Benchmarks;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is not ["arrow", string way, string rows] || !ArrowOutOfDuckDb.Ways.Contains(way))
{
    Console.Error.WriteLine($"usage: onerec-bench arrow {string.Join('|', ArrowOutOfDuckDb.Ways)} ROWS");
    return 2;
}

Result result = ArrowOutOfDuckDb.Run(way, long.Parse(rows, NumberStyles.None, CultureInfo.InvariantCulture));
Console.WriteLine(JsonSerializer.Serialize(result, JsonSerializerOptions.Web));
return 0;
