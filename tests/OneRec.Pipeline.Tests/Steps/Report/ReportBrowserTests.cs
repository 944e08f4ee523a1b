using System.Globalization;
using OneRec.Report;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Steps.Report;

[Trait(TestKind.Trait, TestKind.Deep)]
public class ReportBrowserTests
{
    [Theory]
    [InlineData(400, false)]
    [InlineData(400, true)]
    [InlineData(1400, false)]
    [InlineData(1400, true)]
    public async Task Page_fits_the_screen_and_the_browser_does_not_complain(int width, bool dark)
    {
        Skip.Unless(HeadlessBrowser.Executable is not null, "no browser: chromium is not on PATH");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var folder = new ScratchFolder();
        string path = folder["report.html"];
        new PageFile(path, "report.path").Write(ReportPage.Render(SampleReport.Model(examples: 16)));
        await using HeadlessBrowser browser = await HeadlessBrowser.Start(limit.Token);

        await browser.Open(path, width, dark, limit.Token);

        // What is folded must fit once it is opened, too.
        await browser.Evaluate("document.querySelectorAll('details').forEach(d => d.open = true)", limit.Token);
        Assert.Equal(width, await Number(browser, "document.documentElement.clientWidth", limit.Token));
        Assert.InRange(await Number(browser, "document.documentElement.scrollWidth", limit.Token), 1, width);
        // What scrolls by itself may be wider inside; nothing else may stick out.
        Assert.Equal(0, await Number(
            browser,
            """[...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll') && !e.closest('caption') && e.getBoundingClientRect().right > innerWidth + 1).length""",
            limit.Token));
        Assert.Equal(10, await Number(browser, "[...document.querySelectorAll('svg.plot')].filter(e => e.getBoundingClientRect().height > 100).length", limit.Token));
        Assert.Equal(16, await Number(browser, "document.querySelectorAll('.card').length", limit.Token));
        Assert.Equal(40, await Number(browser, "[...document.querySelectorAll('.tree details')].filter(e => e.getBoundingClientRect().height > 40).length", limit.Token));
        Assert.Equal(1, await Number(browser, "document.querySelectorAll('h1').length", limit.Token));
        Assert.Equal(0, await Number(browser, "document.scripts.length + document.images.length", limit.Token));

        // Text must stand out from what is behind it: the least contrast of WCAG 2.1 AA, 4.5 to 1.
        Assert.InRange(await Number(browser, ContrastOf(".why"), limit.Token), 4.5, 21);
        Assert.InRange(await Number(browser, ContrastOf(".tile.good .verdict"), limit.Token), 4.5, 21);
        Assert.InRange(await Number(browser, ContrastOf(".tile.fair .verdict"), limit.Token), 4.5, 21);
        Assert.InRange(await Number(browser, ContrastOf(".sid mark"), limit.Token), 4.5, 21);
        Assert.InRange(await Number(browser, ContrastOf("nav a"), limit.Token), 4.5, 21);
        Assert.InRange(await Number(browser, ContrastOf(".tree .titles"), limit.Token), 4.5, 21);

        int height = (int)await Number(browser, "document.documentElement.scrollHeight", limit.Token);
        byte[] picture = await browser.Picture(width, 0, height, limit.Token);
        Assert.Equal((width, height), Size(picture));
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Print_fits_the_paper_and_opens_what_is_folded()
    {
        const int PaperWidth = 690;
        Skip.Unless(HeadlessBrowser.Executable is not null, "no browser: chromium is not on PATH");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var folder = new ScratchFolder();
        string path = folder["report.html"];
        new PageFile(path, "report.path").Write(ReportPage.Render(SampleReport.Model(examples: 16)));
        await using HeadlessBrowser browser = await HeadlessBrowser.Start(limit.Token);

        await browser.Open(path, PaperWidth, dark: true, limit.Token, media: "print");

        Assert.Equal(0, await Number(
            browser,
            """[...document.querySelectorAll('body *')].filter(e => !e.closest('caption') && e.getBoundingClientRect().right > innerWidth + 1).length""",
            limit.Token));
        Assert.Equal(16, await Number(browser, "[...document.querySelectorAll('.card')].filter(e => e.checkVisibility({ contentVisibilityAuto: true }) && e.getBoundingClientRect().height > 40).length", limit.Token));
        Assert.Equal("rgb(255, 255, 255)", (string?)await browser.Evaluate("getComputedStyle(document.body).backgroundColor", limit.Token));
    }

    [Fact]
    public async Task A_page_that_complains_is_caught()
    {
        Skip.Unless(HeadlessBrowser.Executable is not null, "no browser: chromium is not on PATH");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var folder = new ScratchFolder();
        string path = folder["bad.html"];
        File.WriteAllText(path, "<!DOCTYPE html><html><body><div style='width:3000px'>x</div><img src='missing.png'><script>console.error('no')</script></body></html>");
        await using HeadlessBrowser browser = await HeadlessBrowser.Start(limit.Token);

        await browser.Open(path, 400, dark: false, limit.Token);

        Assert.True(await Number(browser, "document.documentElement.scrollWidth", limit.Token) > 400);
        Assert.NotEmpty(browser.Complaints);
    }

    private static async Task<double> Number(HeadlessBrowser browser, string expression, CancellationToken cancellation) =>
        double.Parse((await browser.Evaluate(expression, cancellation))!.ToString(), CultureInfo.InvariantCulture);

    // Contrast by WCAG 2.1: of an element's colour to the nearest background that is not transparent.
    private static string ContrastOf(string selector) => $$"""
        (() => {
          const parts = c => c.match(/[\d.]+/g).map(Number);
          const light = c => { const [r, g, b] = c.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          let e = document.querySelector('{{selector}}');
          const front = light(parts(getComputedStyle(e).color));
          while (e && (parts(getComputedStyle(e).backgroundColor)[3] ?? 1) === 0) e = e.parentElement;
          const back = light(parts(getComputedStyle(e ?? document.body).backgroundColor));
          return (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
        })()
        """;

    private static (int Width, int Height) Size(byte[] png) => (
        System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)),
        System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
}
