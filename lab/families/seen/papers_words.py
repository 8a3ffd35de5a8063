"""What is written on papers, money, screens and games: people, companies, towns, amounts, and plausible sentences."""

from random import Random


def listed(text: str, mark: str = ",") -> tuple[str, ...]:
    """The words between the marks."""
    return tuple(text.split(mark))


FIRST = listed(
    "Ada Bo Sunniva Marlo Ines Jun Odile Pekka Zuri Hana Levin Mira Tomasz Yusra Gil Noor Piet Rosa Kofi Elke Dario "
    "Anouk Farid Greta Lars Xenia Bruno Carla Desmond Evi Hugo Ilse Jaro Lotte Matteo Nadia Oskar Priya Quentin Ruth",
    " ",
)
LAST = listed(
    "Quill Lindqvist Pindt Corvo Arai Rautio Haber Lume Sturm Holm Salt Papadia Brandt Okoye Varga Tennant Moreau "
    "Castell Nakata Wojcik Ferro Halloran Ibsen Jansky Kettler Lockwood Marchetti Novak Osei Petrov Quist Rahmani "
    "Sorley Thorne Ulrich Vance Westby Yamada Zeller Abara",
    " ",
)
MAKERS = listed(
    "Harbour,Nine Hills,Lamplight,Brightfen,Kettle & Vane,Ostrava,Millrace,Tallow,Northquay,Verdin,Blue Heron,Ostler,"
    "Quarry,Foxglove,Sandpiper,Ironwood,Larkspur,Meridian Oak,Polder,Cobalt Reef,Silverthorn,Wren & Co,Juniper,Astrel"
)
TRADES = listed(
    "Consulting,Foods,Logistics,Studio,Insurance,Architects,Dental Care,Energy,Textiles,Software,Properties,Labs,"
    "Advisers,Motors,Gardens,Printing,Partners,Supplies"
)
CITIES = listed(
    "Lisbon,Gdansk,Osaka,Toronto,Nairobi,Valencia,Bergen,Leipzig,Turin,Porto,Denver,Lyon,Utrecht,Krakow,Auckland,"
    "Malmo,Bristol,Seoul,Santiago,Ghent,Zagreb,Cork,Hanoi,Tampere"
)
STREETS = listed("Mill Lane,Harbour Road,Elm Street,Castle Hill,Station Road,Chapel Row,Orchard Way,Bridge Street")

LETTER = listed(
    "Thank you for your letter of last week.|We are writing to confirm the arrangements for the coming season.|"
    "The board has considered your application with great interest.|Unfortunately the delivery was delayed at the port."
    "|Please find enclosed a copy of the signed agreement.|The work on the roof will begin in the second week of May.|"
    "All residents are kindly asked to move their vehicles beforehand.|Your subscription has been renewed for another "
    "year.|We regret that the position has already been filled.|A technician will visit you between nine and noon.|"
    "The enclosed form must be returned within thirty days.|Our records show that the last instalment is still open.|"
    "We would be delighted to welcome you at the opening.|The committee has chosen your design for the new pavilion.|"
    "Please contact our office if any of these details are wrong.|The rent will rise by three per cent from October.|"
    "You are entitled to a refund of the full amount.|The samples that you sent us were tested in our laboratory.|"
    "None of the results gave reason for concern.|We have forwarded your complaint to the department in charge.|"
    "A replacement will be shipped at no cost to you.|The meeting of shareholders takes place in the main hall.|"
    "Doors open half an hour before the first speaker.|Your claim has been settled in accordance with the policy.|"
    "The water supply will be interrupted on Tuesday morning.|This offer remains open until the end of the quarter.|"
    "We look forward to many more years of working together.|Kindly note that the old account will be closed.|"
    "The inspection found two minor faults in the boiler.|Both have been repaired under the warranty.",
    "|",
)
SUBJECTS = listed(
    "Your application,Renewal of the lease,Invitation to the opening,Change of our tariffs,Result of the inspection,"
    "Delivery of your order,Notice of maintenance,Settlement of your claim,Appointment of the auditor,Open balance"
)
SERVICES = listed(
    "Design of the brochure,Server maintenance,Translation (12 pages),Delivery and assembly,Oak table 180 cm,"
    "Site inspection,Annual licence,Photography (half day),Replacement filter set,Training on site,Garden lighting kit,"
    "Printing 500 leaflets,Consulting hours,Spare parts,Packaging,Installation,Support package,Editing and layout,"
    "Cleaning service,Steel brackets M8"
)
GROCERIES = listed(
    "Whole milk 1l,Rye bread,Bananas,Free range eggs,Butter 250g,Tomatoes,Olive oil,Coffee beans,Cheddar,Apples,"
    "Spaghetti,Basmati rice,Dish soap,Paper towels,Orange juice,Yoghurt 4x,Dark chocolate,Onions 1kg,Smoked ham,"
    "Oat flakes,Honey 350g,Black tea,Carrots,Salmon fillet,Crackers,Sea salt,Lemons,Toothpaste,Cat food,AA batteries"
)
COURSES = listed(
    "Advanced Pottery,First Aid at Work,Data Analysis,Project Leadership,Alpine Safety,Baking and Pastry,Public "
    "Speaking,Open Water Diving,Forest Ecology,Piano Grade Five,Food Hygiene,Network Security,Bookbinding"
)
SAID = listed(
    "are we still meeting at the {} tomorrow?|i left the keys at the {} again|can you bring the {} when you come?|"
    "the {} was closed when I got there|she told me that the {} is finally ready|we need to pay for the {} by friday|"
    "did you see what happened to the {}?|I'm at the {} now, where are you?|please don't tell anyone about the {}|"
    "my brother wants to buy the {}|nobody knows who took the {}|I think the {} is the best part|"
    "ok then let's take the {} instead|they moved the {} to the third floor|the {} opens at nine",
    "|",
)
NAMED = listed(
    "{} said yes!|tell {} I'm sorry about yesterday|I saw {} with the new boss|{} still owes me forty|is {} coming?|"
    "don't give this number to {}|{} is on the train already|we all voted for {}|{} broke the printer again",
    "|",
)
SMALL_TALK = listed(
    "haha yes|ok|sounds good to me|wait what|no way|I'll be there in ten minutes|thank you so much!|let me check|"
    "sure, why not|that is not what I meant|see you later|can you send me the photo?|it was raining the whole day|"
    "good morning!|what time?|just got home|I have no idea honestly|call me when you can|love it|did you eat already?|"
    "ok so listen, this is a longer story and it starts last week at work|I put everything on the table in the hall",
    "|",
)
POSTS = listed(
    "Just announced: the old {} on the corner will be torn down in March. We grew up there.|"
    "Hot take: nobody needs another {}. What we need is more sleep.|"
    "After eleven years I finally sold my {}. It feels strange and good.|"
    "The best {} in town is the one nobody writes about. Don't ask me for the address.|"
    "Whoever designed this {} has never met a human being.|Day 40 without a {}. I have started talking to the plants.|"
    "My grandmother's only rule: never lend anyone your {}.|We are hiring! Come and build the next {} with us.|"
    "Reminder that a {} is not a personality.|They say the {} is safe. I was there this morning and I disagree.",
    "|",
)
SWAPS = listed(
    "station,bakery,garden,library,office,museum,harbour,market,bridge,airport,kitchen,theatre,cinema,studio,school,"
    "ticket,camera,ladder,guitar,letter,laptop,pillow,concert,contract,printer,parcel,sofa,tent,boat,clinic,tower,hotel"
)
HEADLINES = listed(
    "Where we stand,Our plan for spring,Three lessons learned,Why customers leave,Next steps,Growth by region,"
    "A new way to measure,What the survey says,Costs under control,The road ahead,Who we serve,Risks and answers,"
    "Results at a glance,Meet the team,From idea to launch,How it works"
)
BULLETS = listed(
    "Orders rose by a third,Two new sites opened,Support answers within a day,Prices stay the same until June,"
    "Half of the budget is spent,Hiring starts in autumn,The old system is switched off,Partners asked for training,"
    "Fewer returns than last year,Shipping takes two days less,Every team owns one goal,The pilot ends in March,"
    "Energy use fell by nine per cent,Most visitors come by train,We test before we promise,Feedback is now weekly,"
    "The warehouse moves in May,Quality checks are automatic,Three suppliers were replaced,Data stays in the country"
)
EVENTS = listed(
    "NIGHT MARKET,JAZZ IN THE PARK,INDIE FEST,STREET FOOD DAYS,OPEN AIR CINEMA,WINTER LIGHTS,BOOK FAIR,HARBOUR RUN,"
    "ELECTRIC GARDEN,MAKERS SUMMIT,FOLK WEEKEND,COMEDY CLUB LIVE,DESIGN BIENNALE,VINYL & COFFEE,MOONLIGHT CONCERT"
)
BANDS = listed(
    "The Tin Herons,Mara Volt,Paper Lanterns,DJ Kumquat,Low Tide Choir,Sister Static,Ola & the Foxes,Glasshouse,"
    "Northern Drift,The Quiet Riots Club,Bassline Bakery,Vera Moon,Slow Trains,Kite Parade"
)


def full_name(dice: Random) -> str:
    """Return a made-up first and last name."""
    return f"{dice.choice(FIRST)} {dice.choice(LAST)}"


def maker(dice: Random) -> str:
    """A made-up company."""
    return f"{dice.choice(MAKERS)} {dice.choice(TRADES)}"


def street(dice: Random) -> str:
    """Return a made-up street with a number."""
    return f"{dice.randint(2, 180)} {dice.choice(STREETS)}"


def amount(dice: Random, low: float = 20, high: float = 20_000) -> float:
    """A sum of money, small ones as likely as large ones."""
    return round(float(low * (high / low) ** dice.random()), 2)


def currency(dice: Random, face: str) -> str:
    """How a price begins; only some typefaces have the signs."""
    signs = ("$", "USD ", "EUR ", "CHF ", "GBP ") if face in {"plain", "roman"} else ("$", "€", "£", "EUR ", "$")
    return dice.choice(signs)


def written(value: float, sign: str = "") -> str:
    """Return an amount of money as it is printed."""
    return f"{sign}{value:,.2f}"
