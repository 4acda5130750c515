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
        "Dec": ["december"], "Mon": ["monday"], "Tue": ["tuesday"], "Tues": ["tuesday"], "Wed": ["wednesday"],
        "Thu": ["thursday"], "Thurs": ["thursday"], "Fri": ["friday"], "Sat": ["saturday"],
    ]

    /// Said so without a dot, too.
    static let undotted: [String: String] = [
        "Mr": "mister", "Mrs": "missus", "Ms": "miz", "Dr": "doctor", "Prof": "professor", "vs": "versus",
    ]

    /// Words of one sign.
    static let symbols: [String: [String]] = [
        "&": ["and"], "+": ["plus"], "=": ["equals"], "@": ["at"], "%": ["percent"], "#": ["number"],
        "<": ["less", "than"],
        ">": ["greater", "than"], "×": ["times"], "÷": ["divided", "by"], "→": ["to"], "°": ["degrees"], "w/": ["with"],
        "w/o": ["without"],
    ]

    /// Signs within a word; others only part it.
    static let signs: [Character: String] = ["&": "and", "+": "plus", "=": "equals", "@": "at", "%": "percent"]

    static let addressSigns: [Character: String] = [
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
        "x": ("times", "times"),
    ]

    /// Singular, plural, and the hundredth part's singular and plural.
    static let currencies: [Character: (String, String, String, String)] = [
        "$": ("dollar", "dollars", "cent", "cents"), "€": ("euro", "euros", "cent", "cents"),
        "£": ("pound", "pounds", "penny", "pence"), "¥": ("yen", "yen", "sen", "sen"),
        "₹": ("rupee", "rupees", "paisa", "paise"),
    ]

    static let scales: [String: String] = [
        "k": "thousand", "K": "thousand", "m": "million", "M": "million", "b": "billion", "B": "billion",
        "bn": "billion",
        "thousand": "thousand", "million": "million", "billion": "billion", "trillion": "trillion",
    ]

    static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]
    /// First three letters of each month, and "sept".
    static let monthPrefixes: Set<String> = Set(months.map { String($0.prefix(3)) } + ["sept"] + months)
}
