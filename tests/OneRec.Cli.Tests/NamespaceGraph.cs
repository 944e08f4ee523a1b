using System.Reflection;
using System.Reflection.Emit;

namespace OneRec.Cli.Tests;

/// <summary>Which namespaces of an assembly use which, as its signatures and method bodies say.</summary>
/// <remarks>Constants are compiled in and leave no trace, so a constant of another namespace is not seen.</remarks>
internal static class NamespaceGraph
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!)
        .ToDictionary(c => c.Value);

    /// <summary>The uses, each with one type of the using namespace and one of the used namespace.</summary>
    public static IReadOnlyDictionary<(string From, string To), string> Of(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        string root = assembly.GetName().Name switch { "onerec" => "OneRec.Cli", "onerec-worker" => "OneRec.Worker", var name => name! };
        var uses = new Dictionary<(string, string), string>();
        foreach (Type type in assembly.GetTypes().Where(t => IsOurs(t, root)))
        {
            foreach (Type used in Used(type).Select(Plain).Where(u => u.Assembly == assembly && IsOurs(u, root)))
            {
                if (used.Namespace != type.Namespace)
                {
                    uses.TryAdd((type.Namespace!, used.Namespace!), $"{Outer(type)} uses {Outer(used)}");
                }
            }
        }

        return uses;
    }

    /// <summary>The uses that are part of a cycle.</summary>
    public static IReadOnlyList<string> Cycles(Assembly assembly)
    {
        IReadOnlyDictionary<(string From, string To), string> uses = Of(assembly);
        ILookup<string, string> next = uses.Keys.ToLookup(u => u.From, u => u.To);
        return
        [
            .. uses
                .Where(use => Reaches(use.Key.To, use.Key.From, next))
                .Select(use => $"{use.Key.From} -> {use.Key.To}: {use.Value}")
                .Order(StringComparer.Ordinal),
        ];
    }

    private static bool Reaches(string from, string to, ILookup<string, string> next)
    {
        var seen = new HashSet<string> { from };
        var open = new Stack<string>(seen);
        while (open.TryPop(out string? at))
        {
            if (at == to)
            {
                return true;
            }

            foreach (string further in next[at].Where(seen.Add))
            {
                open.Push(further);
            }
        }

        return false;
    }

    private static bool IsOurs(Type type, string root) =>
        type.Namespace == root || type.Namespace?.StartsWith(root + ".", StringComparison.Ordinal) == true;

    private static string Outer(Type type) => type.DeclaringType is { } outer ? Outer(outer) : type.Name;

    private static Type Plain(Type type) =>
        type.HasElementType ? Plain(type.GetElementType()!) : type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type;

    private static IEnumerable<Type> Used(Type type)
    {
        IEnumerable<Type?> declared =
        [
            type.BaseType,
            .. type.GetInterfaces(),
            .. type.GetFields(All).Select(f => f.FieldType),
            .. type.GetProperties(All).Select(p => p.PropertyType),
        ];
        IEnumerable<MethodBase> methods = [.. type.GetMethods(All), .. type.GetConstructors(All)];
        return declared.OfType<Type>().Concat(methods.SelectMany(Used)).SelectMany(WithArguments);
    }

    private static IEnumerable<Type> Used(MethodBase method)
    {
        IEnumerable<Type> signature = method.GetParameters().Select(p => p.ParameterType);
        if (method is MethodInfo { ReturnType: var returned })
        {
            signature = signature.Append(returned);
        }

        return signature.Concat(method.GetMethodBody() is { } body
            ? body.LocalVariables.Select(v => v.LocalType).Concat(InBody(method, body.GetILAsByteArray()!))
            : []);
    }

    private static IEnumerable<Type> InBody(MethodBase method, byte[] code)
    {
        Type[]? ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        Type[]? ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (int at = 0; at < code.Length;)
        {
            short value = code[at++];
            OpCode op = Codes[value == 0xFE ? (short)(0xFE00 | code[at++]) : value];
            if (op.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                MemberInfo? member = method.Module.ResolveMember(BitConverter.ToInt32(code, at), ofType, ofMethod);
                foreach (Type type in OfMember(member))
                {
                    yield return type;
                }
            }

            at += op.OperandType == OperandType.InlineSwitch ? 4 + (4 * BitConverter.ToInt32(code, at)) : Size(op.OperandType);
        }
    }

    private static IEnumerable<Type> OfMember(MemberInfo? member) => member switch
    {
        Type type => [type],
        MethodInfo { IsGenericMethod: true } method => [.. method.GetGenericArguments(), .. Declaring(method)],
        not null => Declaring(member),
        null => [],
    };

    private static IEnumerable<Type> Declaring(MemberInfo member) => member.DeclaringType is { } type ? [type] : [];

    private static IEnumerable<Type> WithArguments(Type type) => type.IsConstructedGenericType
        ? type.GetGenericArguments().SelectMany(WithArguments).Append(type)
        : type.HasElementType ? WithArguments(type.GetElementType()!)
        : [type];

    private static int Size(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}
