using OneRec.Configuration;

namespace OneRec.Pipeline.Tests.Configuration;

public sealed class NearestKeyTests
{
    [Theory]
    [InlineData("user", "user_id", "item_id,user_id,event_time")]
    [InlineData("user_id", "user", "item,user,time")]
    [InlineData("event_time", "time", "user,item,time")]
    [InlineData("eventTime", "time", "user,item,time")]
    [InlineData("usr_id", "user_id", "item_id,user_id")]
    [InlineData("id", null, "item_id,user_id")]
    [InlineData("stars", null, "item_id,user_id")]
    [InlineData("input.columns.user_id", "input.columns.user", "input.columns.item,input.columns.user")]
    [InlineData("userId", "user_id", "user_hash_id,user_id")]
    public void Nearest_is_a_misspelling_or_shares_its_words(string word, string? nearest, string candidates) =>
        Assert.Equal(nearest, NearestKey.Of(word, candidates.Split(',')));
}
