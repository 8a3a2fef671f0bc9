"""The demonstration's people who sign in: invented, one for each kind of user."""

from wardkeeper.kernel.ids import Login
from wardkeeper.kernel.people import Actor, Role

COUNCIL, FIRE, RED_CROSS = "trafford-council", "gm-fire", "red-cross"

PLANNER = Actor(Login("planner@trafford.example"), "Priya Nair, emergency planner", COUNCIL, frozenset({Role.PLANNER}))
ANALYST = Actor(Login("analyst@trafford.example"), "Tom Reid, data analyst", COUNCIL, frozenset({Role.ANALYST}))
DPO = Actor(Login("dpo@trafford.example"), "Ruth Adeyemi, data protection officer", COUNCIL, frozenset({Role.DPO}))
DIRECTOR = Actor(Login("director@trafford.example"), "Alan Booth, director", COUNCIL, frozenset({Role.DIRECTOR}))
PUBLIC_HEALTH = Actor(
    Login("health@trafford.example"),
    "Dr Mina Shah, public health",
    COUNCIL,
    frozenset({Role.PUBLIC_HEALTH, Role.COMMUNICATIONS}),
)
COMMUNICATIONS = Actor(
    Login("comms@trafford.example"), "Leah Okoro, communications", COUNCIL, frozenset({Role.COMMUNICATIONS})
)
CONTROL = Actor(Login("control@trafford.example"), "Jo Lamb, control room", COUNCIL, frozenset({Role.CONTROL}))
CREW = Actor(Login("crew@gm-fire.example"), "Red Watch, Sale", FIRE, frozenset({Role.RESPONDER}))
VOLUNTEER = Actor(Login("volunteer@red-cross.example"), "Volunteer on duty", RED_CROSS, frozenset({Role.VOLUNTEER}))

EVERYBODY = (PLANNER, ANALYST, DPO, DIRECTOR, PUBLIC_HEALTH, COMMUNICATIONS, CONTROL, CREW, VOLUNTEER)

COMES_TO = {
    PLANNER.login: "declare an incident, work its list, stand it down",
    ANALYST.login: "see the files received and the rows to fix",
    DPO.login: "read the activity record, confirm a closing",
    DIRECTOR.login: "declare an incident, read the activity record",
    PUBLIC_HEALTH.login: "see unusual rises, plan messages, approve a campaign",
    COMMUNICATIONS.login: "plan a campaign, submit it, send it once it is approved",
    CONTROL.login: "see where a “Ring Control first” door is",
    CREW.login: "see the doors of a live incident, tick them off",
    VOLUNTEER.login: "see what a partner without names sees",
}
"""What each login is for, in a line."""
