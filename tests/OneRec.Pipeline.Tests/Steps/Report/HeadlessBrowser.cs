using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OneRec.Pipeline.Tests.Steps.Report;

/// <summary>
/// A Chromium without a window, driven over its DevTools protocol on the loopback interface
/// (https://chromedevtools.github.io/devtools-protocol/). Its profile is a new folder that goes with it.
/// </summary>
internal sealed class HeadlessBrowser : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private readonly Process _process;
    private readonly string _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly List<string> _complaints = [];
    private int _sent;

    private HeadlessBrowser(Process process, string profile) => (_process, _profile) = (process, profile);

    /// <summary>A browser's executable on PATH; null where there is none.</summary>
    public static string? Executable => Names.Select(Testing.Desk.OnPath).FirstOrDefault(path => path is not null);

    /// <summary>What pages wrote to the console as an error or warning, and what they failed to load.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>Starts one with an empty page.</summary>
    public static async Task<HeadlessBrowser> Start(CancellationToken cancellation)
    {
        string profile = Directory.CreateTempSubdirectory("onerec-browser-").FullName;
        var start = new ProcessStartInfo(Executable!)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (string argument in new[]
        {
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-extensions", "--hide-scrollbars", $"--user-data-dir={profile}",
            "--remote-debugging-port=0", "about:blank",
        })
        {
            start.ArgumentList.Add(argument);
        }

        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var browser = new HeadlessBrowser(process, profile);
        try
        {
            int port = await browser.Port(cancellation);
            using var http = new HttpClient();
            string targets = await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/json/list"), cancellation);
            string page = JsonNode.Parse(targets)!.AsArray().First(t => (string?)t!["type"] == "page")!["webSocketDebuggerUrl"]!.GetValue<string>();
            await browser._socket.ConnectAsync(new Uri(page), cancellation);
            await browser.Call("Page.enable", [], cancellation);
            await browser.Call("Log.enable", [], cancellation);
            await browser.Call("Runtime.enable", [], cancellation);
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a file as a screen of this width would show it.</summary>
    public async Task Open(string path, int width, bool dark, CancellationToken cancellation, string media = "screen")
    {
        await Call(
            "Emulation.setDeviceMetricsOverride",
            new JsonObject { ["width"] = width, ["height"] = 900, ["deviceScaleFactor"] = 1, ["mobile"] = false },
            cancellation);
        await Call(
            "Emulation.setEmulatedMedia",
            new JsonObject
            {
                ["media"] = media,
                ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" }),
            },
            cancellation);
        await Call("Page.navigate", new JsonObject { ["url"] = new Uri(path).AbsoluteUri }, cancellation);
        while (await Evaluate("document.readyState + ' ' + location.protocol", cancellation) is not { } state
            || state.GetValue<string>() != "complete file:")
        {
            await Task.Delay(20, cancellation);
        }
    }

    /// <summary>The value of an expression in the page.</summary>
    public async Task<JsonNode?> Evaluate(string expression, CancellationToken cancellation)
    {
        JsonNode answer = await Call(
            "Runtime.evaluate",
            new JsonObject { ["expression"] = expression, ["returnByValue"] = true },
            cancellation);
        return answer["result"]!["value"]?.DeepClone();
    }

    /// <summary>A picture of the whole page, or of a part of its height, as PNG.</summary>
    public async Task<byte[]> Picture(int width, int top, int height, CancellationToken cancellation)
    {
        JsonNode answer = await Call(
            "Page.captureScreenshot",
            new JsonObject
            {
                ["captureBeyondViewport"] = true,
                ["clip"] = new JsonObject { ["x"] = 0, ["y"] = top, ["width"] = width, ["height"] = height, ["scale"] = 1 },
            },
            cancellation);
        return Convert.FromBase64String(answer["data"]!.GetValue<string>());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        try
        {
            Directory.Delete(_profile, recursive: true);
        }
        catch (IOException)
        {
            // A child that is still ending may write once more; the folder is in the system's scratch.
        }
    }

    private async Task<int> Port(CancellationToken cancellation)
    {
        string file = Path.Combine(_profile, "DevToolsActivePort");
        while (true)
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"the browser ended with {_process.ExitCode}");
            }

            string[] lines = File.Exists(file) ? await File.ReadAllLinesAsync(file, cancellation) : [];
            if (lines.Length >= 2 && int.TryParse(lines[0], out int port))
            {
                return port;
            }

            await Task.Delay(50, cancellation);
        }
    }

    private async Task<JsonNode> Call(string method, JsonObject parameters, CancellationToken cancellation)
    {
        int id = ++_sent;
        string message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters }.ToJsonString();
        await _socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, cancellation);
        while (true)
        {
            JsonNode answer = await Receive(cancellation);
            if (answer["id"]?.GetValue<int>() == id)
            {
                return answer["error"] is { } error
                    ? throw new InvalidOperationException($"{method}: {error.ToJsonString()}")
                    : answer["result"]!;
            }

            Note(answer);
        }
    }

    private void Note(JsonNode message)
    {
        string method = message["method"]?.GetValue<string>() ?? "";
        JsonNode? entry = message["params"]?["entry"];
        if ((method == "Log.entryAdded" && entry?["level"]?.GetValue<string>() is "error" or "warning")
            || method == "Runtime.exceptionThrown"
            || (method == "Runtime.consoleAPICalled" && message["params"]!["type"]?.GetValue<string>() is "error" or "warning"))
        {
            _complaints.Add(message["params"]!.ToJsonString());
        }
    }

    private async Task<JsonNode> Receive(CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        while (true)
        {
            ValueWebSocketReceiveResult part = await _socket.ReceiveAsync(buffer.AsMemory(), cancellation);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                throw new InvalidOperationException("the browser closed the connection");
            }

            bytes.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return JsonNode.Parse(bytes.ToArray()) ?? throw new JsonException("an empty message");
            }
        }
    }
}
