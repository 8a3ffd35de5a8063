"""What the made-up people of the edits say: words, names, times, and lines made of them."""

from random import Random

VOCABULARY = (
    "about again almost always another apple asked aunt autumn away back bakery balcony bath because bed before "
    "behind best better bicycle bird biscuit blanket blue boat book borrow both bread breakfast bridge bright bring "
    "brother bus butter button cake call candle cat chair cheese city clean clever cloud coat coffee cold colour come "
    "corner cousin cup curtain dance day dinner dog door dream drink early easy egg eight empty evening every face "
    "family far fast feel field find fine first fish five flat floor flower forget found friend front funny garden "
    "gave ghost give glass going gone good grandma great green hair half hand happy hat hear heavy help here hill home "
    "honest hope hour house hungry idea inside island jacket juice jump just keep key kind kitchen know ladder lake "
    "lamp last late laugh leave left lemon letter light like listen little long look lost loud love lucky lunch made "
    "many market maybe meet mine minute mirror monday money moon more morning mountain mouse move much music nearly "
    "neighbour never new next nice night nobody noise nothing often old once only open orange our outside over paint "
    "paper park party people phone piano picture pillow place plan plate play please pocket pretty quiet rain read "
    "ready really red ride right river road roof room round run sad salt same sandwich saw school sea second see "
    "seven shall shoe shop show side sing sister sit sky sleep slow small smell snow sofa some song soon soup spoon "
    "spring stairs stay still stone stop story strange street summer sun sunday supper sure swim table take talk tall "
    "tea tell thank the there thing think this three ticket time tired today together tomorrow too took train tree "
    "try turn two umbrella uncle under until very wait walk wall want warm was wash watch water week well wet what "
    "when where white who why window winter with wonder wood word work write yellow yes yesterday you young"
)
PEOPLE = (
    "Ada Quill,Bo Lindqvist,Sunniva,Tim T.,Marlo Pindt,Ines Corvo,Jun Arai,Odile,Pekka Rautio,Zuri N.,Hana Sky,"
    "Levin,Mira Dol,Tomasz,Yusra B.,Gil Haber,Noor,Piet van Aal,Rosa Lume,Kofi,Elke Sturm,Dario,Wim,Anouk P.,Farid,"
    "Greta Holm,Lars,Xenia,Bruno Salt,Carla M.,Desmond,Evi Papa,Fen Liu,Hugo,Ilse,Jaro K.,Kim,Lotte B.,Matteo"
)
WORDS = tuple(VOCABULARY.split())
NAMES = tuple(PEOPLE.split(","))
APPS = ("Chirpwell", "Plumely", "Talkoon", "Murmelo", "Kettlr", "Pixmoor", "Snugpost", "Wavelet", "Nookly", "Hootsie")


def phrase(dice: Random, least: int = 2, most: int = 7) -> str:
    """A few words in lower case."""
    return " ".join(dice.choice(WORDS) for _ in range(dice.randint(least, most)))


def sentence(dice: Random, least: int = 4, most: int = 12) -> str:
    """A line as somebody would type it: a capital letter first, a mark at the end most of the time."""
    said = phrase(dice, least, most)
    return said[0].upper() + said[1:] + dice.choice((".", ".", "!", "?", "...", ""))


def paragraph(dice: Random, sentences: int = 4) -> str:
    """Return so many made-up sentences."""
    return " ".join(sentence(dice) for _ in range(sentences))


def name(dice: Random) -> str:
    """Return a made-up name of a person."""
    return dice.choice(NAMES)


def clock(dice: Random) -> str:
    """A time of day: 7:05, 21:47."""
    return f"{dice.randint(0, 23)}:{dice.randint(0, 59):02d}"


def count(dice: Random) -> str:
    """A number of likes: few or very many."""
    return f"{round(10 ** dice.uniform(0.5, 5.5)):,}"
