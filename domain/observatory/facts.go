package observatory

// Level is the level of government that an account belongs to.
type Level string

// The levels, highest first.
const (
	National   Level = "nation"     // 国家
	Provincial Level = "province"   // 省
	Municipal  Level = "prefecture" // 地
	County     Level = "county"     // 县
	Township   Level = "township"   // 乡
)

// Kind is what an account is for.
type Kind string

// The kinds of account.
const (
	Subscription Kind = "subscription" // 订阅号: publishes
	Serving      Kind = "service"      // 服务号: serves
)

// Account is one official account in a registry. The zero value of a field means what its comment says.
type Account struct {
	ID          string
	Name        string
	Region      string // GB/T 2260 code of the edition's date; "000000" is the nation; "" when not known
	Country     string // ISO 3166-1 alpha-2; never empty, "CN" unless the registry says otherwise
	Level       Level
	Sector      string // sector id ("f01" … "f54")
	Institution string // 三甲医院, 消防 …; "" when none is stated
	Kind        Kind
	Verified    bool
	Opened      Date   // 0 when not known
	Department  string // the organ's name; "" when not known
}

// Month is what one account did in one month. An account without a row had no activity counted.
type Month struct {
	Account  string
	Month    string // "2015-08"
	Active   int64  // distinct people who opened, read, clicked or wrote
	Clicks   int64  // menu and article clicks
	Visits   int64  // visits to services behind the account
	NoClicks bool   // clicks were not counted: Clicks is 0 and says nothing
	NoVisits bool   // visits were not counted
}

// Place says what is known about a city besides its accounts.
type Place struct {
	Region  string // code of a prefecture-level division or a municipality
	Class   string // 超大城市, 特大城市, 大城市, 中等城市, 小城市 (State Council, 2014: by urban residents); "" when not known
	Service bool   // the city has a city entry
}

// Indicator is one outside figure: gdp_per_head, population, urban_population, internet_plus_index …
type Indicator struct {
	Region    string
	Indicator string
	Year      int
	Value     float64
}

// Roster says how many departments there are that could have an account: the base of ownership rates.
type Roster struct {
	Region      string
	Level       Level
	Sector      string // "" counts all sectors together
	Departments int64
}

// Launch is one kind of service in one city.
type Launch struct {
	Region   string
	Service  string // id of one of the 101 kinds, or of a service that the city has of its own
	Launched bool
	Visits   int64 // cumulative
	NoVisits bool  // visits were not counted: Visits is 0 and says nothing
}

// Facts is everything that an edition is computed from. Slices are in canonical order (Sort): the same facts are the same bytes.
type Facts struct {
	Accounts   []Account   // by ID
	Months     []Month     // by account, month
	Places     []Place     // by region
	Indicators []Indicator // by indicator, region, year
	Rosters    []Roster    // by region, level, sector
	Launches   []Launch    // by region, service
	Outcomes   []Outcome   // by region, service, month
}

// Date is a calendar day as yyyymmdd, without a time zone; 0 is no day.
type Date int32
