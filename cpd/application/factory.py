"""Make the application."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from config import settings
from cpd.application import errors, headers, health, navigation, tables  # noqa: F401 - tables are known by importing
from cpd.application.followers import FOLLOWERS
from cpd.attendance import accepting_pages as _accepting_pages  # noqa: F401 - its pages stand on the attendance blueprint
from cpd.attendance import code_pages as _code_pages  # noqa: F401 - its pages stand on the attendance blueprint
from cpd.attendance import list_pages as _register_list_pages  # noqa: F401 - its pages stand on the attendance blueprint
from cpd.attendance import views as attendance
from cpd.attendance.certificates import views as _certificate_pages  # noqa: F401 - they stand on attendance's blueprint
from cpd.attendance.evaluation import views as _evaluation_pages  # noqa: F401 - they stand on attendance's blueprint
from cpd.attendance.materials import views as _material_pages  # noqa: F401 - they stand on attendance's blueprint
from cpd.desk import claim_pages as _desk_claim_pages  # noqa: F401 - its pages stand on the desk's blueprint
from cpd.desk import condition_pages as _condition_pages  # noqa: F401 - its pages stand on the desk's blueprint
from cpd.desk import import_pages as _import_pages  # noqa: F401 - its pages stand on the desk's blueprint
from cpd.desk import pasted_pages as _pasted_pages  # noqa: F401 - its pages stand on the desk's blueprint
from cpd.desk import programme_pages as _programme_pages  # noqa: F401 - its pages stand on the desk's blueprint
from cpd.desk import recognising_pages as _recognising_pages  # noqa: F401 - its pages stand on the desk's blueprint
from cpd.desk import register_pages as _register_pages  # noqa: F401 - its pages stand on the desk's blueprint
from cpd.desk import request_pages as _request_pages  # noqa: F401 - its pages stand on the desk's blueprint
from cpd.desk import session_pages as _session_pages  # noqa: F401 - its pages stand on the desk's blueprint
from cpd.desk import views as desk
from cpd.diary import views as diary
from cpd.home import account_pages as _account_pages  # noqa: F401 - its page stands on the home blueprint
from cpd.home import booking_pages as _booking_pages  # noqa: F401 - its pages stand on the home blueprint
from cpd.home import catalogue_pages as catalogue
from cpd.home import claim_pages as _claim_pages  # noqa: F401 - its pages stand on the home blueprint
from cpd.home import lost_pages as _lost_pages  # noqa: F401 - its pages stand on the home blueprint
from cpd.home import mine_pages as _mine_pages  # noqa: F401 - its page stands on the home blueprint
from cpd.home import progression_pages as _progression_pages  # noqa: F401 - its page stands on the home blueprint
from cpd.home import record_pages as _record_pages  # noqa: F401 - its pages stand on the home blueprint
from cpd.home import route_pages as _route_pages  # noqa: F401 - its pages stand on the home blueprint
from cpd.home import team_pages as _team_pages  # noqa: F401 - its pages stand on the home blueprint
from cpd.home import views as home
from cpd.messages import views as messages
from cpd.people import away_pages as _away_pages  # noqa: F401 - its pages stand on the people blueprint
from cpd.people import signing_in
from cpd.people import views as people
from cpd.people.models import Person
from cpd.progression.appeals import views as appeals
from cpd.progression.documents import views as documents
from cpd.progression.early import desk_pages as _early_desk_pages  # noqa: F401 - they stand on its blueprint
from cpd.progression.early import set_pages as _learning_set_pages  # noqa: F401 - they stand on the early blueprint
from cpd.progression.early import views as early_career
from cpd.progression.exports import views as change_exports
from cpd.progression.openness import views as openness
from cpd.progression.panels import case_pages as _panel_case_pages  # noqa: F401 - they stand on the panels blueprint
from cpd.progression.panels import views as panels
from cpd.progression.pathways import views as pathways
from cpd.progression.portfolios import judging_pages as _judging_pages  # noqa: F401 - they stand on portfolios' blueprint
from cpd.progression.portfolios import views as portfolios
from cpd.progression.requests import cover_pages as _cover_pages  # noqa: F401 - they stand on requests' blueprint
from cpd.progression.requests import queue_pages as _queue_pages  # noqa: F401 - they stand on requests' blueprint
from cpd.progression.requests import views as progression_requests
from cpd.progression.retention import views as retention
from cpd.progression.vacancies import views as vacancies
from cpd.shared import access, demonstration, kept_files
from cpd.shared.database import db, harden
from cpd.shared.pages import prepare_templates
from cpd.shared.wording import FILTERS
from cpd.study.awards import views as awards
from cpd.study.credits import claim_desk_pages as _claims_to_send_on  # noqa: F401 - they stand on the credits blueprint
from cpd.study.credits import claim_pages as _prior_learning_pages  # noqa: F401 - they stand on the credits blueprint
from cpd.study.credits import desk_pages as _credit_desk_pages  # noqa: F401 - they stand on the credits blueprint
from cpd.study.credits import views as academic_credits
from cpd.study.days import views as study_days
from cpd.study.funding import views as funding
from cpd.study.places import views as award_places
from cpd.study.plans import views as development_plans
from cpd.study.protected import views as protected_time
from cpd.study.regulator import views as cpd_record
from cpd.timetable import service as timetable

TOP = Path(__file__).resolve().parents[2]
STUDY = (academic_credits, awards, study_days, protected_time, award_places, funding, cpd_record, development_plans)
PROGRESSION = (
    pathways,
    panels,
    portfolios,
    progression_requests,
    vacancies,
    retention,
    documents,
    openness,
    appeals,
    change_exports,
    early_career,
)
BLUEPRINTS = tuple(
    views.blueprint for views in (people, diary, catalogue, attendance, *STUDY, *PROGRESSION, messages, desk, home)
)


def create_app(overrides: dict[str, Any] | None = None) -> Flask:
    """Return the application, configured from the environment and then by `overrides`."""
    app = Flask("cpd", root_path=str(TOP), template_folder=str(TOP / "templates"), static_folder=str(TOP / "static"))
    app.config.update(settings())
    app.config.update(overrides or {})
    app.config["CPD_INSTANCE"].mkdir(parents=True, exist_ok=True)
    if app.config["BEHIND_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=app.config["BEHIND_PROXIES"], x_proto=1, x_host=1)  # type: ignore[method-assign]
    app.url_map.converters["int"] = errors.RowId
    _prepare_templates(app)
    _prepare_database(app)
    _prepare_people(app)
    headers.secure(app)
    errors.explain(app)
    kept_files.allow_files(app)
    kept_files.gather_files(app)
    access.guard(app)
    navigation.guide(app)
    health.answer(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    demonstration.recognise(app)
    if app.config["CPD_PROCESS"] != "web":
        _prepare_commands(app)
    return app


def _prepare_templates(app: Flask) -> None:
    """Give the templates GOV.UK's macros, our words for dates, and what the viewer may do."""
    prepare_templates(app, TOP / "templates")
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals["may"] = access.may


def _prepare_database(app: Flask) -> None:
    """Connect the database and its followers."""
    db.init_app(app)
    harden(app)
    app.extensions["followers"] = FOLLOWERS


def _prepare_commands(app: Flask) -> None:
    """Add the commands and the migrations: slow to load, and a process that serves pages does without them."""
    from flask_migrate import Migrate

    from cpd.commands import register

    is_sqlite = app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    Migrate(app, db, directory=str(TOP / "migrations"), render_as_batch=is_sqlite, compare_type=True)
    register(app)


def _prepare_people(app: Flask) -> None:
    """Let people sign in, and protect every form."""
    CSRFProtect(app)
    login_manager = LoginManager(app)
    login_manager.login_view = "people.sign_in"
    login_manager.login_message = "Sign in to see this page."
    login_manager.login_message_category = "info"
    question = signing_in.question_of_each_request(timetable.facilitates_anything(Person.id))
    login_manager.user_loader(lambda cookie_id: signing_in.load_signed_in(cookie_id, question))
