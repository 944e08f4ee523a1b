using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using OneRec.Alignment.Native;
using TorchSharp;

namespace OneRec.Alignment.Tests.Native;

/// <summary>
/// TorchSharp hands the address of a <see cref="Scalar"/> to libtorch and forgets the object, so that a garbage collection
/// frees it while it is read. No operation that this project calls may make one on the way.
/// </summary>
public sealed class ScalarTests
{
    // Instructions that are followed by a token of a method.
    private const byte Call = 0x28;
    private const byte CallVirtual = 0x6F;

    [Fact]
    public void No_operation_in_use_makes_a_number_that_nobody_holds()
    {
        Module module = typeof(torch).Module;
        string[] made =
        [
            .. Used(typeof(Scalars).Assembly.Location)
                .Where(m => MakesOne(module, m))
                .Select(m => $"{m.DeclaringType!.Name}.{m}")
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

        Assert.Empty(made);
    }

    [Theory]
    [InlineData("square", new Type[0])]
    [InlineData("add", new[] { typeof(torch.Tensor) })]
    [InlineData("add", new[] { typeof(Scalar) })]
    [InlineData("op_Addition", new[] { typeof(torch.Tensor), typeof(torch.Tensor) })]
    public void Operations_that_make_one_are_recognized(string name, Type[] parameters) =>
        Assert.True(MakesOne(typeof(torch).Module, typeof(torch.Tensor).GetMethod(name, parameters)!));

    private static bool MakesOne(Module module, MethodBase method) =>
        Reached(module, method, 3).Any(c => c is { Name: "op_Implicit", DeclaringType.Name: "Scalar" });

    // Methods of TorchSharp that an assembly names, but for the conversion that Scalars itself makes and keeps.
    private static IEnumerable<MethodBase> Used(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        MetadataReader reader = file.GetMetadataReader();
        Module own = Assembly.LoadFrom(path).ManifestModule;
        var methods = new List<MethodBase>();
        foreach (MemberReferenceHandle handle in reader.MemberReferences)
        {
            if (reader.GetMemberReference(handle).GetKind() == MemberReferenceKind.Method
                && own.ResolveMethod(MetadataTokens.GetToken(handle), [typeof(float)], [typeof(float)]) is { } method
                && method.Module == typeof(torch).Module
                && method.DeclaringType != typeof(Scalar))
            {
                methods.Add(method);
            }
        }

        Assert.NotEmpty(methods);
        return methods;
    }

    private static IEnumerable<MethodBase> Reached(Module module, MethodBase method, int depth)
    {
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (int i = 0; i + 4 < code.Length; i++)
        {
            if (code[i] is not (Call or CallVirtual) || Resolved(module, BitConverter.ToInt32(code, i + 1), method) is not { } callee || callee.Module != module)
            {
                continue;
            }

            yield return callee;
            if (depth > 1)
            {
                foreach (MethodBase below in Reached(module, callee, depth - 1))
                {
                    yield return below;
                }
            }
        }
    }

    // A byte may look like an instruction and be none: what follows is no token then.
    private static MethodBase? Resolved(Module module, int token, MethodBase within)
    {
        try
        {
            return module.ResolveMethod(
                token, within.DeclaringType?.IsGenericType == true ? within.DeclaringType.GetGenericArguments() : null, within.IsGenericMethod ? within.GetGenericArguments() : null);
        }
        catch (Exception e) when (e is ArgumentException or BadImageFormatException or TypeLoadException or MissingMethodException)
        {
            return null;
        }
    }
}
