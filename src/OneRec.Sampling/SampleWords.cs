using OneRec.Core;

namespace OneRec.Sampling;

/// <summary>Generates names, titles, captions and tags from the words of an item's topic and subtopic.</summary>
internal sealed class SampleWords
{
    private static readonly string[] Manners =
    [
        "Quiet", "Golden", "Slow", "Bright", "Hidden", "Old", "Little", "Wild", "Late", "First", "Honest", "Long", "Warm",
        "Windy", "Patient", "Curious",
    ];

    private static readonly string[] Places =
    [
        "by the harbour", "at dawn", "after rain", "on the roof", "in the old town", "for beginners", "in ten minutes",
        "with friends", "under the bridge", "in winter", "step by step", "on a small budget", "at the market", "at night",
        "far from home", "in one take",
    ];

    // A topic, followed by four subtopics, each with a colon and four things that its items are about.
    private static readonly string[] Predefined =
    [
        "cooking|noodles:ramen,broth,udon,dumplings|baking:sourdough,rye loaf,brioche,pretzels|grilling:skewers,peppers,corn,halloumi|sweets:caramel,meringue,nougat,fudge",
        "music|guitar:chords,slide solo,tuning,fingerpicking|drums:brushes,shuffle,snare,paradiddle|choir:harmony,canon,warm-up,descant|synths:filter,sequencer,patch,arpeggio",
        "gardening|roses:pruning,grafting,mulch,trellis|vegetables:tomatoes,beans,squash,compost|bonsai:wiring,moss,repotting,juniper|ponds:lilies,frogs,liner,reeds",
        "cycling|touring:panniers,passes,campsites,maps|racing:sprint,peloton,climb,breakaway|repair:derailleur,spokes,brake cable,chain|trails:roots,drops,berms,switchbacks",
        "astronomy|planets:Saturn,Jupiter,Venus,Mars|deep sky:nebula,cluster,galaxy,supernova|telescopes:mirror,mount,eyepiece,tracking|moon:craters,eclipse,phases,maria",
        "woodwork|joinery:dovetail,mortise,tenon,lap joint|carving:spoon,relief,gouge,basswood|turning:bowl,spindle,lathe,chisel|finishing:shellac,wax,oil,sanding",
        "football|goalkeeping:dive,punch,penalty,reflex save|tactics:pressing,offside trap,counter,wing play|skills:nutmeg,volley,step-over,first touch|history:derby,final,relegation,cup run",
        "sailing|dinghies:capsize drill,tiller,gybe,trapeze|cruising:anchorage,log book,passage,watch|knots:bowline,splice,clove hitch,whipping|weather:squall,barometer,fog,trade wind",
        "painting|watercolour:wash,bleed,paper,glaze|oils:impasto,palette knife,varnish,underpainting|portraits:eyes,hands,likeness,shadow|murals:scaffold,stencil,brick wall,sketch",
        "chess|openings:gambit,Sicilian,fianchetto,castling|endgames:rook ending,opposition,pawn race,fortress|puzzles:fork,pin,mate in two,sacrifice|matches:blitz,clock,draw offer,time scramble",
        "dogs|training:recall,leash,clicker,patience|breeds:collie,spaniel,greyhound,terrier|puppies:first bath,chewing,crate,littermates|agility:weave poles,tunnel,seesaw,jumps",
        "trains|steam:boiler,whistle,coal,footplate|models:gauge,layout,turnout,scenery|metros:rush hour,signal,platform,depot|journeys:sleeper car,viaduct,dining car,border",
        "climbing|bouldering:crimp,sloper,heel hook,dyno|alpine:crampons,ridge,bivouac,glacier|ropes:belay,anchor,abseil,quickdraw|caves:headlamp,crawl,stalactite,pit",
        "knitting|socks:heel,toe,ribbing,gusset|lace:chart,yarn over,blocking,shawl|colour:intarsia,stripes,fair isle,dye|tools:needles,stitch marker,swift,gauge",
        "robots|arms:gripper,servo,joint,trajectory|rovers:wheel,lidar,map,suspension|code:loop,sensor,state machine,debugging|contests:sumo,line course,arena,repair break",
        "sea life|whales:breach,song,calf,migration|reefs:coral,clownfish,anemone,spawning|deep:anglerfish,vent,pressure,lantern|tide pools:crab,starfish,limpet,urchin",
    ];

    private readonly long _seed;
    private readonly (string Topic, string Subtopic, string[] Things)[] _groups;

    /// <summary>Prepares the words of the given number of topics.</summary>
    public SampleWords(long seed, int topics)
    {
        _seed = seed;
        _groups = [.. Enumerable.Range(0, topics).SelectMany(t => t < Predefined.Length ? Read(Predefined[t]) : Invent(seed, t))];
    }

    /// <summary>The name of the topic of a subtopic.</summary>
    public string Topic(int group) => _groups[group].Topic;

    /// <summary>The name of a subtopic.</summary>
    public string Subtopic(int group) => _groups[group].Subtopic;

    /// <summary>The texts of an item.</summary>
    /// <param name="item">Index of the item in the catalogue, from 0.</param>
    /// <param name="group">The item's subtopic.</param>
    public (string Title, string Caption, string Tags) Item(int item, int group)
    {
        SplitMix64 draws = SampleDraws.Of(_seed, SamplePurpose.Words, item);
        (string topic, string subtopic, string[] things) = _groups[group];
        string manner = Manners[draws.NextBelow(Manners.Length)];
        string place = Places[draws.NextBelow(Places.Length)];
        int first = (int)draws.NextBelow(things.Length);
        int second = (first + 1 + (int)draws.NextBelow(things.Length - 1)) % things.Length;
        return (
            $"{manner} {things[first]} {place}",
            $"{char.ToUpperInvariant(subtopic[0])}{subtopic[1..]}: {things[first]} and {things[second]} {place}.",
            $"{topic}, {subtopic}, {things[first]}");
    }

    private static IEnumerable<(string, string, string[])> Read(string line)
    {
        string[] parts = line.Split('|');
        return parts[1..].Select(p => (parts[0], p.Split(':')[0], p.Split(':')[1].Split(',')));
    }

    /// <summary>A topic beyond the predefined ones, with invented words of two or three syllables.</summary>
    private static List<(string, string, string[])> Invent(long seed, int topic)
    {
        SplitMix64 draws = SampleDraws.Of(seed, SamplePurpose.Language, topic);
        string name = $"{Word(ref draws)} {topic}";
        var groups = new List<(string, string, string[])>();
        for (int s = 0; s < SampleWorld.SubtopicsPerTopic; s++)
        {
            string subtopic = $"{Word(ref draws)} {topic}-{s}";
            groups.Add((name, subtopic, [Word(ref draws), Word(ref draws), Word(ref draws), Word(ref draws)]));
        }

        return groups;
    }

    private static string Word(ref SplitMix64 draws)
    {
        const string starts = "bdfgklmnprstvz";
        const string vowels = "aeiou";
        var letters = new List<char>();
        for (int syllable = 0; syllable < 2 + (int)(draws.NextUInt64() & 1); syllable++)
        {
            letters.Add(starts[(int)draws.NextBelow(starts.Length)]);
            letters.Add(vowels[(int)draws.NextBelow(vowels.Length)]);
        }

        letters.Add("lnrs"[(int)draws.NextBelow(4)]);
        return new string([.. letters]);
    }
}
