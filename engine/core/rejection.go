package core

import "fmt"

// Reason is why the domain refused a command. It is part of the API: HTTP
// answers and stored results carry it.
type Reason string

// The reasons, grouped by what was wrong.
const (
	// The command itself.
	ReasonInvalid  Reason = "invalid"   // a field has a value that it cannot have
	ReasonRequired Reason = "required"  // a field that must be given is not
	ReasonTooLarge Reason = "too_large" // a field is over its bound

	// What it names.
	ReasonNotFound Reason = "not_found" // the ticket, agent, group, queue or skill does not exist
	ReasonExists   Reason = "exists"    // a ticket of that id exists already

	// The state it met.
	ReasonTransition  Reason = "invalid_transition" // the status does not allow it
	ReasonVersion     Reason = "version_mismatch"   // the ticket has changed since the version given
	ReasonNoOffer     Reason = "no_offer"           // no open offer of this ticket to this agent
	ReasonNotAssigned Reason = "not_assigned"       // nobody holds the ticket
	ReasonOffline     Reason = "agent_offline"      // the agent is offline
	ReasonNotOnline   Reason = "agent_not_online"   // the agent is not online
	ReasonNoRoom      Reason = "no_room"            // the agent's capacity is used up
	ReasonRule        Reason = "rejected_by_rule"   // a rule refused the ticket; Detail has its words
	ReasonNoConfig    Reason = "no_config"          // the desk has no configuration yet

	// The desk.
	ReasonInUse    Reason = "in_use"     // the new configuration drops a name that tickets still use
	ReasonLimit    Reason = "limit"      // a bound of the desk is reached
	ReasonKeyReuse Reason = "key_reused" // the idempotency key came before with another command
)

// Rejection is the domain's refusal of a command: deterministic, and nothing
// changed. It is an answer, not a failure.
type Rejection struct {
	Reason Reason `json:"reason"`
	Field  string `json:"field,omitempty"` // the command's field that was refused, by its JSON name
	Detail string `json:"detail"`          // a sentence for people
}

// Error renders the rejection as a sentence.
func (r *Rejection) Error() string {
	if r.Field == "" {
		return fmt.Sprintf("core: %s: %s", r.Reason, r.Detail)
	}
	return fmt.Sprintf("core: %s: %s: %s", r.Reason, r.Field, r.Detail)
}

func reject(reason Reason, field, format string, args ...any) *Rejection {
	return &Rejection{Reason: reason, Field: field, Detail: fmt.Sprintf(format, args...)}
}
