package core

// Bounds on what a command may carry. A command over a bound is rejected with
// ReasonTooLarge and the name of the field; nothing is cut silently.
const (
	IDBytesMax         = 128       // any identifier
	SubjectBytesMax    = 1 << 10   // a ticket's subject
	TextBytesMax       = 64 << 10  // the text of a ticket or message
	TagsMax            = 100       // tags a ticket
	TagBytesMax        = 64        // one tag
	FieldsMax          = 100       // custom fields a ticket
	FieldNameBytesMax  = 64        // a custom field's name
	FieldValueBytesMax = 1 << 10   // a custom field's text
	FieldListMax       = 50        // items of a list field
	FieldsBytesMax     = 64 << 10  // all custom fields of a ticket together
	KeyBytesMax        = 256       // an idempotency key
	GroupsPerAgentMax  = 64        // groups an agent is in
	SkillsPerAgentMax  = 64        // skills an agent has
	CapacityMax        = 1_000_000 // an agent's capacity and a channel's weight
	RequirementsMax    = 32        // skills a ticket requires
	SkillLevelMax      = 10        // the highest level of a skill
	MetricsMax         = 64        // metrics a configuration declares
	VersionsMax        = 32        // configuration versions kept
	KeysMax            = 1_000_000 // idempotency keys a desk remembers
)

// offerMin is the shortest that an offer may stand: what a deadline arms never
// lies at its own instant, so that the deadlines of an instant come to an end.
const offerMin = Instant(1_000_000_000)

// KeyAgeMax is how long a desk remembers an idempotency key, in nanoseconds of
// machine time: seven days.
const KeyAgeMax = Instant(7 * 24 * 3600 * 1_000_000_000)
