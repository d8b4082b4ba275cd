// Parses the feed on standard input with the library that is named first, found below the folder that is named
// second, and prints what it read: entries with those of id, title, link, published, updated, authors, categories and
// html that the library offers.
const { createRequire } = require("node:module");
const [name, folder] = process.argv.slice(2);
const load = createRequire(`${folder}/package.json`);
const text = require("node:fs").readFileSync(0, "utf8");
const first = (...values) => values.find((value) => value !== undefined && value !== null);

const readers = {
  feedsmith: () => {
    const { format, feed } = load("feedsmith").parseFeed(text);
    const entries = first(feed.items, feed.entries, []);
    return entries.map((entry) => ({
      id: first(entry.guid?.value, entry.id),
      title: first(entry.title?.value, entry.title),
      link: first(entry.link, entry.url, entry.links?.find((link) => !link.rel || link.rel === "alternate")?.href),
      published: first(entry.pubDate, entry.published, entry.date_published),
      updated: first(entry.atom?.updated, entry.updated, entry.date_modified),
      authors: first(entry.dc?.creators, entry.authors?.map((author) => author.name), []),
      categories: first(entry.tags, entry.categories?.map((one) => first(one.label, one.name, one.term)), []),
      html: first(entry.content?.encoded, entry.content?.value, entry.content, entry.content_html, entry.content_text,
                  entry.description, ""),
    }));
  },
  "rss-parser": async () => {
    const Parser = load("rss-parser");
    const feed = await new Parser().parseString(text);
    return feed.items.map((entry) => ({
      id: first(entry.guid, entry.id),
      title: entry.title,
      link: entry.link,
      published: entry.isoDate,
      authors: [first(entry.creator, entry.author)],
      categories: entry.categories?.map((one) => first(one._, one)),
      html: first(entry["content:encoded"], entry.content, ""),
    }));
  },
};

Promise.resolve()
  .then(readers[name])
  .then((entries) => process.stdout.write(JSON.stringify({ entries })))
  .catch((error) => process.stdout.write(JSON.stringify({ error: String(error.message), entries: [] })));
