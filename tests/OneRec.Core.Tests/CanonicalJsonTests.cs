using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;

namespace OneRec.Core.Tests;

/// <summary>The one spelling of JSON, against texts written by hand. Fingerprints and ids hash it: a change moves them all.</summary>
public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("null", "null")]
    [InlineData(" true ", "true")]
    [InlineData("{ }", "{}")]
    [InlineData("[ 1 , [ ] , { } , null ]", "[1,[],{},null]")]
    [InlineData("""{"b":1,"a":{"d":[2,1],"c":null}}""", """{"a":{"c":null,"d":[2,1]},"b":1}""")]
    public void White_space_goes_and_keys_are_ordered_while_lists_keep_theirs(string json, string canonical) =>
        Assert.Equal(canonical, CanonicalJson.Write(JsonNode.Parse(json)));

    [Fact]
    public void Keys_are_ordered_by_UTF16_code_unit_in_any_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("sv-SE");
        try
        {
            // By code unit U+1F600 (first unit D83D) is before U+FFFF.
            Assert.Equal(
                """{"":0,"B":-1.5,"a":2,"a1":3,"a10":4,"\u00E4":5,"\uD83D\uDE00":6,"\uFFFF":7}""",
                CanonicalJson.Write(JsonNode.Parse("""{"\uffff":7,"ä":5,"a10":4,"a":2,"":0,"😀":6,"a1":3,"B":-1.5}""")));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("-0.0", "0")]
    [InlineData("1.0", "1")]
    [InlineData("1e2", "100")]
    [InlineData("0.10", "0.1")]
    [InlineData("1E-05", "1E-05")]
    [InlineData("0.00001", "1E-05")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("1e300", "1E+300")]
    [InlineData("0.1000000000000000055511151231257827", "0.1")]
    public void Number_has_one_spelling(string json, string canonical) =>
        Assert.Equal(canonical, CanonicalJson.Write(JsonNode.Parse(json)));

    [Fact]
    public void Number_of_the_program_is_spelled_as_one_of_a_file()
    {
        Assert.Equal("[15,15,0.3,0.1,7]", CanonicalJson.Write(new JsonArray(15, 15.0, 0.3, 0.1f, 7L)));
        Gen.Double.Where(double.IsFinite).Sample(value =>
        {
            string canonical = CanonicalJson.Write(JsonValue.Create(value));
            Assert.Equal(value, double.Parse(canonical, CultureInfo.InvariantCulture));
            Assert.Equal(canonical, CanonicalJson.Write(JsonNode.Parse(value.ToString("E16", CultureInfo.InvariantCulture))));
        });
    }

    [Theory]
    [InlineData("\"\\u0041\\/\"", "\"A/\"")]
    [InlineData("\"é\"", "\"\\u00E9\"")]
    [InlineData("\"quote \\\" slash \\\\ line \\n tab \\t bell \\u0007\"", "\"quote \\u0022 slash \\\\ line \\n tab \\t bell \\u0007\"")]
    [InlineData("\"<a&b'+>\"", "\"\\u003Ca\\u0026b\\u0027\\u002B\\u003E\"")]
    public void Text_has_one_spelling(string json, string canonical) =>
        Assert.Equal(canonical, CanonicalJson.Write(JsonNode.Parse(json)));
}
