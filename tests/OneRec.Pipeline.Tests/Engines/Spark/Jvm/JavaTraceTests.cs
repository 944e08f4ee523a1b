using OneRec.Engine.Spark.Jvm;

namespace OneRec.Pipeline.Tests.Engines.Spark.Jvm;

public sealed class JavaTraceTests
{
    [Fact]
    public void Exception_and_its_causes_are_read_with_their_whole_messages() =>
        Assert.Equal(
            [new JvmCause("a.Outer", "one: two\nthree"), new JvmCause("b.c.Middle$Part", ""), new JvmCause("d.Inner", "last")],
            JavaTrace.Chain(
                """
                a.Outer: one: two
                three
                	at a.B.m(B.java:1)
                	Suppressed: java.io.IOException: closing
                		at a.B.close(B.java:2)
                	Caused by: java.io.EOFException
                		... 1 more
                Caused by: b.c.Middle$Part
                	at a.B.n(B.java:3)
                	... 12 more
                Caused by: d.Inner: last
                	... 13 more

                """));

    [Fact]
    public void Message_that_begins_a_line_as_a_cause_does_stays_a_message() =>
        Assert.Equal(
            [new JvmCause("a.Outer", "a text\nCaused by: b.Inner: of its own")],
            JavaTrace.Chain("a.Outer: a text\nCaused by: b.Inner: of its own\n\tat a.B.m(B.java:1)\n"));

    [Fact]
    public void Causes_that_a_message_quotes_come_before_its_own() =>
        Assert.Equal(
            [
                new JvmCause("a.Job", "Job aborted: a.Task: lost"),
                new JvmCause("java.io.IOException", "No space left on device"),
                new JvmCause("a.Task", "lost"),
                new JvmCause("java.io.IOException", "No space left on device"),
            ],
            JavaTrace.Chain(
                """
                a.Job: Job aborted: a.Task: lost
                	at a.Runner.run(Runner.java:1)
                Caused by: java.io.IOException: No space left on device
                	... 1 more

                Driver stacktrace:
                	at a.Driver.run(Driver.java:1)
                Caused by: a.Task: lost
                	at a.Runner.run(Runner.java:1)
                Caused by: java.io.IOException: No space left on device
                	... 1 more
                """));

    [Theory]
    [InlineData("")]
    [InlineData("Exception of type 'a.B' was thrown.")]
    public void Text_that_is_no_trace_has_no_chain(string text) => Assert.Empty(JavaTrace.Chain(text));
}
