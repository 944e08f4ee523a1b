using System.Globalization;
using System.Text.Json;
using OneRec.Benchmarks;
using OneRec.Benchmarks.Cases;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
ICase[] cases =
[
    new ArrowCase(), new SwingCase(), new AssignCase(), new RqCase("kmeans", levels: 1), new RqCase("rq", levels: 3), new EmbedCase(), new VectorsCase(), new SparkCase(),
];
if (args is [] or ["--help"] or ["-h"])
{
    TextWriter to = args is [] ? Console.Error : Console.Out;
    foreach (ICase one in cases)
    {
        to.WriteLine($"  {one.Name} {string.Join("\n      ", one.Help)}");
    }

    return args is [] ? 2 : 0;
}

try
{
    ICase chosen = cases.FirstOrDefault(c => c.Name == args[0])
        ?? throw new UsageException($"'{args[0]}' is no case; there are: {string.Join(", ", cases.Select(c => c.Name))}");
    if (args is [_, "--help"])
    {
        Console.WriteLine($"  {chosen.Name} {string.Join("\n      ", chosen.Help)}");
        return 0;
    }

    foreach (Result result in chosen.Run(args[1..]))
    {
        Console.WriteLine(JsonSerializer.Serialize(result, JsonSerializerOptions.Web));
    }

    return 0;
}
catch (Exception e) when (e is UsageException or IOException)
{
    Console.Error.WriteLine($"bench: {e.Message}; see scripts/bench --help");
    return 2;
}
