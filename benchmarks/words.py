"""The vocabulary that the benchmark's articles are made of.

Kept apart from the generator so that the generator reads as rules. Nothing here is quoted from
anywhere: the sentences are assembled from these lists, and every domain is a reserved one.
"""

TAXONOMIES = (
    "City Desk",
    "Field Notes",
    "Harbour Register",
    "Open Science Index",
    "Public Works",
    "Rural Atlas",
    "School Board",
    "Trade & Craft",
)
# 20 x 20 makes 400 labels: twice the 200 categories of the default corpus.
QUALITIES = (
    "Accessible", "Affordable", "Coastal", "Digital", "Early", "Electric", "Flood-Proof",
    "Historic", "Indoor", "Local", "Long-Term", "Mobile", "Night-Time", "Reliable", "Renewable",
    "Seasonal", "Shared", "Small-Scale", "Urban", "Volunteer",
)  # fmt: skip
FIELDS = (
    "Archives", "Bridges", "Canteens", "Drainage", "Energy", "Fisheries", "Forestry", "Gardens",
    "Heating", "Housing", "Libraries", "Lighting", "Markets", "Museums", "Orchards", "Parks",
    "Railways", "Recycling", "Repair", "Water",
)  # fmt: skip
BRANDS = (
    "harbour-courier.example", "hilltop-gazette.example", "long-meadow.example",
    "lock-and-weir.example", "north-quay.example", "open-ledger.example", "orchard-post.example",
    "signal-box.example", "tidewater.example", "weekly-almanac.example",
)  # fmt: skip
AUTHORS = (
    "Ada Brookfield", "Bo Lindqvist", "Chiara Amico", "Dov Harel", "Esi Mensah",
    "Fátima Queirós", "Günther Ostwald", "Hana Sato", "The Night Desk",
)  # fmt: skip
WHO = (
    "allotment holders", "bus drivers", "a panel of engineers", "ferry operators",
    "the county surveyors", "lock keepers", "market traders", "museum curators",
    "neighbouring parishes", "the port authority", "retired teachers", "three small towns",
    "volunteer wardens", "young apprentices",
)  # fmt: skip
DOES = (
    "agreed to finance", "are mapping", "began to test", "have documented", "hope to reopen",
    "keep repairing", "opened a register of", "plan to share", "published figures on",
    "rebuilt", "set up a fund for", "want clearer rules for",
)  # fmt: skip
WHAT = (
    "cargo bicycles", "community boilers", "covered bicycle sheds", "dry-stone walls",
    "evening ferries", "lending desks", "level crossings", "night buses", "rain gardens",
    "reading rooms", "river gauges", "seed exchanges", "street trees", "tidal pools",
    "tool libraries", "weather stations",
)  # fmt: skip
HOW = (
    "after a winter of storms", "at half of the expected cost", "before the budget is voted on",
    "in spite of a shortage of parts", "on the strength of 14 “open days”",
    "since the old depot closed", "to the surprise of the council",
    "while the 1960s network is renewed", "with help from two universities",
    "without raising fares — so far",
)  # fmt: skip
SUPPLIERS = (
    "Alder & Sons", "Brightwater", "Cobble Lane", "Drystone", "Elmfield", "Fairlead",
    "Greenshank", "Hexagon Yard", "Ironbridge", "Juniper",
)  # fmt: skip
PRODUCTS = (
    "Asset Register", "Booking Desk", "Field Kit", "Gauge Network", "Loan Counter",
    "Maintenance Planner", "Map Service", "Volunteer Rota",
)  # fmt: skip
