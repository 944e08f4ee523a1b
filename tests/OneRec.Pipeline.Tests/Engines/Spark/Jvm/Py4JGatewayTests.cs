using System.Runtime.CompilerServices;
using OneRec.Core;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Jvm.Py4J;

namespace OneRec.Pipeline.Tests.Engines.Spark.Jvm;

public class Py4JGatewayTests
{
    [Fact]
    public void Values_of_every_kind_are_written_as_py4j_reads_them()
    {
        using var server = new FakeGateway(c => c.StartsWith("i ", StringComparison.Ordinal) ? "!yro7" : "!yv");
        using var jvm = new Py4JGateway(server.Address);
        JvmObject made = jvm.New("a.B");
        jvm.CallStatic(
            "c.D", "m", null, true, false, int.MinValue, long.MaxValue, 0.1, double.NaN, double.NegativeInfinity, "a\\n\nb\r\té𝄞", new byte[] { 0, 255 }, made);
        made.Call("n");
        Assert.Equal(
            [
                "i a.B e",
                "c z:c.D m n btrue bfalse i-2147483648 L9223372036854775807 d0.1 dNaN d-Infinity sa\\\\n\\nb\\r\té𝄞 jAP8= ro7 e",
                "c o7 n e",
            ],
            server.Commands);
    }

    [Fact]
    public void Array_is_made_of_its_very_element_type()
    {
        using var server = new FakeGateway(c => c.Contains(" forName ", StringComparison.Ordinal) ? "!yro1" : "!yro2");
        using var jvm = new Py4JGateway(server.Address);
        jvm.Array("a.B", ["x"]);
        Assert.Equal(
            [
                "c z:java.lang.Class forName sa.B e",
                "c z:java.lang.reflect.Array newInstance ro1 i1 e",
                "c z:java.lang.reflect.Array set ro2 i0 sx e",
            ],
            server.Commands.Where(c => !c.StartsWith("m ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("!yn", null)]
    [InlineData("!yv", null)]
    [InlineData("!ybtrue", true)]
    [InlineData("!ybfalse", false)]
    [InlineData("!yi-5", -5)]
    [InlineData("!yL5000000000", 5000000000L)]
    [InlineData("!yd1.0E-5", 1e-5)]
    [InlineData("!ydNaN", double.NaN)]
    [InlineData("!ydInfinity", double.PositiveInfinity)]
    [InlineData("!ysa\\nb\\r\\\\n é𝄞", "a\nb\r\\n é𝄞")]
    [InlineData("!ys", "")]
    public void Answers_of_every_kind_are_read(string line, object? value)
    {
        using var server = new FakeGateway(_ => line);
        using var jvm = new Py4JGateway(server.Address);
        Assert.Equal(value, jvm.CallStatic("a.B", "m"));
    }

    [Fact]
    public void Bytes_and_long_texts_come_whole()
    {
        string text = new('é', 300_000);
        using var server = new FakeGateway(c => c.Contains("bytes", StringComparison.Ordinal) ? "!yjAQID" : "!ys" + text);
        using var jvm = new Py4JGateway(server.Address);
        Assert.Equal(new byte[] { 1, 2, 3 }, jvm.CallStatic("a.B", "bytes"));
        Assert.Equal(text, jvm.CallStatic("a.B", "text"));
    }

    [Fact]
    public void Java_exception_carries_its_causes_and_trace()
    {
        using var server = new FakeGateway(c => c switch
        {
            "c z:a.B m e" => "!xro1",
            "p ro1 e" => "!ysouter\\n\tat a.B",
            "c o1 getClass e" => "!yro2",
            "c o2 getName e" => "!ysorg.Outer",
            "c o1 getMessage e" => "!ysouter words",
            "c o1 getCause e" => "!yro3",
            "c o3 getClass e" => "!yro4",
            "c o4 getName e" => "!ysorg.Inner",
            "c o3 getMessage e" => "!yn",
            _ => "!yn",
        });
        using var jvm = new Py4JGateway(server.Address);
        JvmException thrown = Assert.Throws<JvmException>(() => jvm.CallStatic("a.B", "m"));
        Assert.Equal("outer words", thrown.Message);
        Assert.Equal([new JvmCause("org.Outer", "outer words"), new JvmCause("org.Inner", "")], thrown.Chain);
        Assert.Equal("outer\n\tat a.B", thrown.Trace);
    }

    [Fact]
    public void Call_that_py4j_refuses_says_why()
    {
        using var server = new FakeGateway(_ => "!xspy4j.Py4JException: Method m([]) does not exist");
        using var jvm = new Py4JGateway(server.Address);
        JvmException thrown = Assert.Throws<JvmException>(() => jvm.CallStatic("a.B", "m"));
        Assert.Equal("py4j.Py4JException: Method m([]) does not exist", thrown.Message);
        Assert.Empty(thrown.Chain);
    }

    [Fact]
    public void Disposed_object_is_forgotten_before_the_next_command()
    {
        using var server = new FakeGateway(c => c.StartsWith("i ", StringComparison.Ordinal) ? "!yro7" : "!yv");
        using var jvm = new Py4JGateway(server.Address);
        JvmObject made = jvm.New("a.B");
        made.Dispose();
        made.Dispose();
        jvm.CallStatic("c.D", "m");
        Assert.Equal(["i a.B e", "m d o7 e", "c z:c.D m e"], server.Commands);
    }

    [Fact]
    public void Object_that_nobody_holds_is_forgotten_too()
    {
        using var server = new FakeGateway(c => c.StartsWith("i ", StringComparison.Ordinal) ? "!yro7" : "!yv");
        using var jvm = new Py4JGateway(server.Address);
        Drop(jvm);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        jvm.CallStatic("c.D", "m");
        Assert.Contains("m d o7 e", server.Commands);
    }

    [Fact]
    public void Each_thread_has_a_connection_of_its_own()
    {
        using var server = new FakeGateway(_ => "!yi1");
        using var jvm = new Py4JGateway(server.Address);
        for (int i = 0; i < 3; i++)
        {
            var thread = new Thread(() =>
            {
                jvm.CallStatic("a.B", "m");
                jvm.CallStatic("a.B", "m");
            });
            thread.Start();
            thread.Join();
        }

        Assert.Equal(3, server.Connections);
    }

    [Fact]
    public void Jvm_that_hangs_up_is_told_as_gone()
    {
        using var server = new FakeGateway(_ => null);
        using var jvm = new Py4JGateway(server.Address);
        OneRecException thrown = Assert.Throws<OneRecException>(() => jvm.CallStatic("a.B", "m"));
        Assert.Equal((ErrorKind.Engine, "spark.gone"), (thrown.Kind, thrown.Code));
    }

    [Fact]
    public void Refused_secret_is_told_and_never_shown()
    {
        using var server = new FakeGateway(_ => "!yv");
        using var jvm = new Py4JGateway(server.Address with { Secret = "another one" });
        OneRecException thrown = Assert.Throws<OneRecException>(() => jvm.CallStatic("a.B", "m"));
        Assert.Equal("Spark's driver JVM has ended (the JVM's gateway refused the secret); run the command again", thrown.Message);
        Assert.DoesNotContain("another one", $"{thrown}{server.Address with { Secret = "another one" }}", StringComparison.Ordinal);
    }

    [Fact]
    public void Object_of_another_bridge_is_refused()
    {
        using var server = new FakeGateway(_ => "!yro7");
        using var jvm = new Py4JGateway(server.Address);
        using var other = new Py4JGateway(server.Address);
        JvmObject made = other.New("a.B");
        Assert.Throws<ArgumentException>(() => jvm.Call(made, "m"));
    }

    [Fact]
    public void Text_that_is_no_unicode_is_refused_before_it_is_sent()
    {
        using var server = new FakeGateway(_ => "!yv");
        using var jvm = new Py4JGateway(server.Address);
        Assert.ThrowsAny<ArgumentException>(() => jvm.CallStatic("a.B", "m", "\ud800"));
        Assert.Empty(server.Commands);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(Py4JGateway jvm) => jvm.New("a.B");
}
