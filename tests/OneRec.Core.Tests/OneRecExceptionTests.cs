namespace OneRec.Core.Tests;

public sealed class OneRecExceptionTests
{
    [Fact]
    public void Kinds_are_the_exit_codes_of_the_contract() => Assert.Equal(
        "Bug=1 Configuration=2 Input=3 Table=4 Engine=5",
        string.Join(' ', Enum.GetValues<ErrorKind>().Select(k => $"{k}={(int)k}")));

    [Fact]
    public void Each_factory_makes_its_kind_and_carries_code_words_and_cause()
    {
        var cause = new IOException("disk");
        (ErrorKind, Func<string, string, Exception?, OneRecException>)[] factories =
        [
            (ErrorKind.Configuration, OneRecException.Configuration), (ErrorKind.Input, OneRecException.Input),
            (ErrorKind.Table, OneRecException.Table), (ErrorKind.Engine, OneRecException.Engine),
        ];
        foreach ((ErrorKind kind, Func<string, string, Exception?, OneRecException> make) in factories)
        {
            OneRecException e = make("some.code", "what, where and the cure", cause);
            Assert.Equal((kind, "some.code", "what, where and the cure", cause), (e.Kind, e.Code, e.Message, e.InnerException));
        }
    }
}
