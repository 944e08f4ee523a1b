using System.Text;
using Microsoft.ML.OnnxRuntime;
using OneRec.Core;
using OneRec.Scoring.Models;
using OneRec.Scoring.Onnx;
using OneRec.Testing;

namespace OneRec.Scoring.Tests.Onnx;

/// <summary>
/// The promise that a device run is one, held against profiles: a recorded one of this CPU, and events of a device's in the
/// same format (as ONNX Runtime writes them; not recorded on a device here).
/// </summary>
public sealed class NodePlacementTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    [Fact]
    public void A_profile_recorded_on_the_cpu_is_refused_with_its_operators()
    {
        ModelFolder model = ModelFolder.Open(Desk.ResNet18());
        string profile = Record(model, "Input247", [1, 3, 224, 224]);
        using FileStream stream = File.OpenRead(profile);
        NodePlacement placement = NodePlacement.Read(stream);
        Assert.Equal(["CPUExecutionProvider"], placement.ByProvider.Select(p => p.Provider));
        OneRecException e = Assert.Throws<OneRecException>(() => placement.Require("r.onnx", "CUDAExecutionProvider"));
        Assert.Equal((ErrorKind.Engine, "embed.placement"), (e.Kind, e.Code));
        Assert.Matches(
            @"^r\.onnx: some arithmetic does not run on the device: (\d+ \w+ \(CPU\)(, )?)+; use a float or float16 export of the model, or set embed\.device=cpu$",
            e.Message);
        Assert.Contains("Conv", e.Message, StringComparison.Ordinal);
        Assert.StartsWith("ResNet18.onnx: nodes by provider: CPU ", placement.Require("/m/ResNet18.onnx", "CPUExecutionProvider"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Shape", "model.onnx: nodes by provider: CPU 1, CUDA 2")]
    [InlineData("Gather", "model.onnx: nodes by provider: CPU 1, CUDA 2")]
    public void Light_nodes_on_the_cpu_are_counted(string operation, string told)
    {
        string profile = Profile(("MatMul", "CUDA"), ("Conv", "CUDA"), (operation, "CPU"));
        Assert.Equal(told, Read(profile).Require("/m/model.onnx", CudaProvider.Name));
    }

    [Theory]
    [InlineData("MatMul")]
    [InlineData("Gemm")]
    [InlineData("Conv")]
    [InlineData("Attention")]
    [InlineData("DynamicQuantizeMatMul")]
    public void An_arithmetic_node_on_the_cpu_is_refused(string operation)
    {
        string profile = Profile(("MatMul", "CUDA"), (operation, "CPU"), (operation, "CPU"));
        OneRecException e = Assert.Throws<OneRecException>(() => Read(profile).Require("m.onnx", CudaProvider.Name));
        Assert.Equal(
            $"m.onnx: some arithmetic does not run on the device: 2 {operation} (CPU); use a float or float16 export of the "
            + "model, or set embed.device=cpu",
            e.Message);
    }

    [Fact]
    public void Nothing_on_the_device_is_refused()
    {
        OneRecException e = Assert.Throws<OneRecException>(
            () => Read(Profile(("Gather", "CPU"))).Require("m.onnx", CudaProvider.Name));
        Assert.Equal("m.onnx: none of its nodes ran on the device; set embed.device=cpu", e.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    public void What_is_no_profile_is_told(string text) => Assert.Throws<FormatException>(() => Read(text));

    public void Dispose() => _scratch.Dispose();

    private static NodePlacement Read(string profile)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(profile));
        return NodePlacement.Read(stream);
    }

    // Session events and kernel times as a profile has them beside the nodes; those without a provider are fences.
    private static string Profile(params (string Operation, string Provider)[] nodes)
    {
        IEnumerable<string> events = nodes.SelectMany((n, i) => new[]
        {
            $$$"""{"cat":"Node","pid":1,"tid":1,"dur":3,"ts":{{{i * 9}}},"ph":"X","name":"n{{{i}}}_fence_before","args":{"op_name":"{{{n.Operation}}}"}}""",
            $$$"""{"cat":"Node","pid":1,"tid":1,"dur":70,"ts":{{{i * 9}}},"ph":"X","name":"n{{{i}}}_kernel_time","args":{"op_name":"{{{n.Operation}}}","provider":"{{{n.Provider}}}ExecutionProvider","node_index":"{{{i}}}"}}""",
        });
        string session = """{"cat":"Session","pid":1,"tid":1,"dur":5,"ts":1,"ph":"X","name":"model_loading_uri","args":{}}""";
        return $"[{string.Join(",\n", events.Prepend(session))}]";
    }

    private string Record(ModelFolder model, string input, long[] shape)
    {
        using SessionOptions options = OnnxSession.Options(model, ExecutionDevice.Cpu);
        options.EnableProfiling = true;
        options.ProfileOutputPathPrefix = _scratch["profile"];
        using InferenceSession session = OnnxSession.Create(model.OnnxPath, options);
        using var run = new RunOptions();
        using OrtValue pixels = OrtValue.CreateTensorValueFromMemory(new float[shape.Aggregate(1L, (a, b) => a * b)], shape);
        session.Run(run, [input], [pixels], [model.Manifest.Output]).Dispose();
        return session.EndProfiling();
    }
}
