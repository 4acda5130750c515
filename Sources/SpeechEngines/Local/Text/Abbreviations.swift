/// Words for what is written short.
enum Abbreviations {
    /// Said so when a dot follows.
    static let dotted: [String: [String]] = [
        "Mr": ["mister"], "Mrs": ["missus"], "Ms": ["miz"], "Dr": ["doctor"], "Prof": ["professor"], "Jr": ["junior"],
        "Sr": ["senior"], "Mt": ["mount"], "Ave": ["avenue"], "Blvd": ["boulevard"], "Rd": ["road"], "Ln": ["lane"],
        "Hwy": ["highway"], "Apt": ["apartment"], "Dept": ["department"], "Univ": ["university"],
        "Inc": ["incorporated"],
        "Ltd": ["limited"], "Corp": ["corporation"], "Co": ["company"], "Bros": ["brothers"], "Gen": ["general"],
        "Gov": ["governor"], "Sen": ["senator"], "Rep": ["representative"], "Capt": ["captain"], "Lt": ["lieutenant"],
        "Col": ["colonel"], "Sgt": ["sergeant"], "Rev": ["reverend"], "Hon": ["honorable"], "Pres": ["president"],
        "approx": ["approximately"], "est": ["established"], "vs": ["versus"], "vol": ["volume"], "Vol": ["volume"],
        "fig": ["figure"], "Fig": ["figure"], "pp": ["pages"], "etc": ["et", "cetera"], "min": ["minutes"],
        "Jan": ["january"], "Feb": ["february"], "Mar": ["march"], "Apr": ["april"], "Jun": ["june"], "Jul": ["july"],
        "Aug": ["august"], "Sep": ["september"], "Sept": ["september"], "Oct": ["october"], "Nov": ["november"],
        "Dec": ["december"], "Maj": ["major"], "Adm": ["admiral"], "Cpl": ["corporal"], "Ft": ["fort"],
        "Esq": ["esquire"], "Bldg": ["building"], "Ct": ["court"], "Pkwy": ["parkway"], "Rte": ["route"],
        "Sq": ["square"], "Ste": ["suite"], "ext": ["extension"], "Ext": ["extension"], "tel": ["telephone"],
        "Tel": ["telephone"], "dept": ["department"], "avg": ["average"], "max": ["maximum"], "misc": ["miscellaneous"],
        "incl": ["including"], "asst": ["assistant"], "Asst": ["assistant"], "Assn": ["association"],
        "govt": ["government"], "ca": ["circa"], "cf": ["compare"], "ed": ["edition"], "al": ["al"],
        "Mon": ["monday"], "Tue": ["tuesday"], "Tues": ["tuesday"], "Wed": ["wednesday"],
        "Thu": ["thursday"], "Thurs": ["thursday"], "Fri": ["friday"], "Sat": ["saturday"],
    ]

    /// Said so without a dot, too.
    static let undotted: [String: String] = [
        "Mr": "mister", "Mrs": "missus", "Ms": "miz", "Dr": "doctor", "Prof": "professor", "vs": "versus",
        "Ave": "avenue", "Blvd": "boulevard", "Hwy": "highway", "Apt": "apartment", "Dept": "department",
        "Pkwy": "parkway", "approx": "approximately",
    ]

    /// Said so only before a number: "p. 12", "Sec. 3".
    static let counted: [String: String] = [
        "No": "number", "no": "number", "Nos": "numbers", "p": "page", "P": "page", "c": "circa", "ch": "chapter",
        "Ch": "chapter", "Sec": "section", "sec": "section", "Art": "article", "art": "article", "Fl": "floor",
    ]

    /// Words that are said letter by letter or in full although they look like others.
    static let wholes: [String: [String]] = [
        "PhD": ["P", "H", "D"], "Ph.D": ["P", "H", "D"], "AT&T": ["A", "T", "and", "T"], "n/a": ["N", "A"],
        "N/A": ["N", "A"], "A/C": ["A", "C"], "b/c": ["because"], "c/o": ["care", "of"], "www": ["W", "W", "W"],
        "TL;DR": ["T", "L", "D", "R"], "M.Sc": ["M", "S", "C"], "B.Sc": ["B", "S", "C"], "pH": ["P", "H"],
        "C++": ["C", "plus", "plus"], "C#": ["C", "sharp"], ".NET": ["dot", "net"],
    ]

    /// Read as letters unless the words around are in capitals, too.
    static let spelled: Set = ["US", "IT", "PR", "HR"]

    /// Words of one sign.
    static let symbols: [String: [String]] = [
        "&": ["and"], "+": ["plus"], "=": ["equals"], "@": ["at"], "%": ["percent"],
        "≥": ["greater", "than", "or", "equal", "to"], "≤": ["less", "than", "or", "equal", "to"],
        "≈": ["about"], "≠": ["is", "not", "equal", "to"], "±": ["plus", "or", "minus"], "§": ["section"],
        "½": ["one", "half"], "¼": ["one", "quarter"], "¾": ["three", "quarters"], "⅓": ["one", "third"],
        "⅔": ["two", "thirds"], "−": ["minus"], "∞": ["infinity"], "√": ["square", "root", "of"], "π": ["pi"],
        "<": ["less", "than"],
        ">": ["greater", "than"], "×": ["times"], "÷": ["divided", "by"], "→": ["to"], "°": ["degrees"], "w/": ["with"],
        "w/o": ["without"],
    ]

    /// Signs within a word; others only part it.
    static let signs: [Character: String] = ["&": "and", "+": "plus", "=": "equals", "@": "at", "%": "percent"]

    /// Signs before a number.
    static let numberSigns: [Character: [String]] = [
        "#": ["number"], "~": ["about"], "≈": ["about"], "<": ["less", "than"], ">": ["greater", "than"],
        "≥": ["greater", "than", "or", "equal", "to"], "≤": ["less", "than", "or", "equal", "to"],
        "±": ["plus", "or", "minus"], "§": ["section"], "@": ["at"], "=": ["equals"],
    ]

    /// Powers and fractions that are written as one character after a number or a word.
    static let raised: [Character: [String]] = ["²": ["squared"], "³": ["cubed"]]

    static let addressSigns: [Character: String] = [
        "+": "plus", "=": "equals", "&": "and", "~": "tilde",
        ".": "dot", "@": "at", "/": "slash", "-": "dash", "_": "underscore", ":": "colon", "#": "hash", "?": "question",
    ]

    /// After a number: singular and plural.
    static let units: [String: (String, String)] = [
        "km": ("kilometer", "kilometers"), "m": ("meter", "meters"), "cm": ("centimeter", "centimeters"),
        "mm": ("millimeter", "millimeters"), "kg": ("kilogram", "kilograms"), "g": ("gram", "grams"),
        "mg": ("milligram", "milligrams"), "lb": ("pound", "pounds"), "lbs": ("pound", "pounds"),
        "oz": ("ounce", "ounces"), "ft": ("foot", "feet"), "in": ("inch", "inches"), "mi": ("mile", "miles"),
        "mph": ("mile per hour", "miles per hour"), "km/h": ("kilometer per hour", "kilometers per hour"),
        "L": ("liter", "liters"), "ml": ("milliliter", "milliliters"), "mL": ("milliliter", "milliliters"),
        "s": ("second", "seconds"), "ms": ("millisecond", "milliseconds"), "h": ("hour", "hours"),
        "min": ("minute", "minutes"), "hr": ("hour", "hours"), "hrs": ("hour", "hours"),
        "KB": ("kilobyte", "kilobytes"), "MB": ("megabyte", "megabytes"), "GB": ("gigabyte", "gigabytes"),
        "TB": ("terabyte", "terabytes"), "kHz": ("kilohertz", "kilohertz"), "Hz": ("hertz", "hertz"),
        "MHz": ("megahertz", "megahertz"), "GHz": ("gigahertz", "gigahertz"), "W": ("watt", "watts"),
        "kW": ("kilowatt", "kilowatts"), "°C": ("degree celsius", "degrees celsius"),
        "°F": ("degree fahrenheit", "degrees fahrenheit"), "°": ("degree", "degrees"), "%": ("percent", "percent"),
        "x": ("times", "times"), "¢": ("cent", "cents"), "yd": ("yard", "yards"), "yds": ("yard", "yards"),
        "gal": ("gallon", "gallons"), "qt": ("quart", "quarts"), "tsp": ("teaspoon", "teaspoons"),
        "tbsp": ("tablespoon", "tablespoons"), "yr": ("year", "years"), "yrs": ("year", "years"),
        "wk": ("week", "weeks"), "wks": ("week", "weeks"), "mo": ("month", "months"), "sec": ("second", "seconds"),
        "secs": ("second", "seconds"), "mins": ("minute", "minutes"), "hp": ("horsepower", "horsepower"),
        "μm": ("micrometer", "micrometers"), "µm": ("micrometer", "micrometers"), "nm": ("nanometer", "nanometers"),
        "ns": ("nanosecond", "nanoseconds"), "μs": ("microsecond", "microseconds"),
        "µs": ("microsecond", "microseconds"), "V": ("volt", "volts"), "kV": ("kilovolt", "kilovolts"),
        "mA": ("milliampere", "milliamperes"), "MW": ("megawatt", "megawatts"), "N": ("newton", "newtons"),
        "J": ("joule", "joules"), "kJ": ("kilojoule", "kilojoules"), "Pa": ("pascal", "pascals"),
        "kPa": ("kilopascal", "kilopascals"), "hPa": ("hectopascal", "hectopascals"),
        "kWh": ("kilowatt hour", "kilowatt hours"), "mAh": ("milliamp hour", "milliamp hours"),
        "dB": ("decibel", "decibels"), "Ω": ("ohm", "ohms"), "kcal": ("kilocalorie", "kilocalories"),
        "cal": ("calorie", "calories"), "psi": ("pound per square inch", "pounds per square inch"),
        "rpm": ("revolution per minute", "revolutions per minute"), "bpm": ("beat per minute", "beats per minute"),
        "mpg": ("mile per gallon", "miles per gallon"), "fps": ("frame per second", "frames per second"),
        "m/s": ("meter per second", "meters per second"), "kbps": ("kilobit per second", "kilobits per second"),
        "Mbps": ("megabit per second", "megabits per second"), "Gbps": ("gigabit per second", "gigabits per second"),
        "m²": ("square meter", "square meters"), "km²": ("square kilometer", "square kilometers"),
        "m³": ("cubic meter", "cubic meters"), "cm³": ("cubic centimeter", "cubic centimeters"),
        "px": ("pixel", "pixels"), "ha": ("hectare", "hectares"), "USD": ("U S dollar", "U S dollars"),
        "EUR": ("euro", "euros"), "GBP": ("British pound", "British pounds"), "JPY": ("yen", "yen"),
        "€": ("euro", "euros"), "£": ("pound", "pounds"), "$": ("dollar", "dollars"),
    ]

    /// Singular, plural, and the hundredth part's singular and plural.
    static let currencies: [Character: (String, String, String, String)] = [
        "$": ("dollar", "dollars", "cent", "cents"), "€": ("euro", "euros", "cent", "cents"),
        "£": ("pound", "pounds", "penny", "pence"), "¥": ("yen", "yen", "sen", "sen"),
        "₹": ("rupee", "rupees", "paisa", "paise"),
        "₩": ("won", "won", "jeon", "jeon"),
    ]

    static let scales: [String: String] = [
        "k": "thousand", "K": "thousand", "m": "million", "M": "million", "b": "billion", "B": "billion",
        "bn": "billion", "tn": "trillion", "T": "trillion",
        "thousand": "thousand", "million": "million", "billion": "billion", "trillion": "trillion",
    ]

    static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]
    /// First three letters of each month, and "sept".
    static let monthPrefixes: Set<String> = Set(months.map { String($0.prefix(3)) } + ["sept"] + months)
}
