"""Run by the Python of doccano: import a file into a project, take one label away, export.

Usage: python doccano_project.py FILE PROJECT_TYPE OUTPUT, in a folder of its own.
"""

from __future__ import annotations

import os
import shutil
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path


def main(file: Path, project_type: str, output: Path) -> None:
    """Import `file`, remove one label of the second sentence, export to `output`."""
    spec = find_spec("backend")
    assert spec is not None
    assert spec.submodule_search_locations
    sys.path.insert(0, next(iter(spec.submodule_search_locations)))
    os.environ["DATABASE_URL"] = f"sqlite:///{Path.cwd() / 'doccano.db'}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.production"
    os.environ["DOCCANO_HOME"] = str(Path.cwd())
    import_module("django").setup()
    settings = import_module("django.conf").settings
    settings.MEDIA_ROOT = str(Path.cwd())
    call_command = import_module("django.core.management").call_command
    call_command("migrate", verbosity=0)
    call_command("create_roles", verbosity=0)
    models = import_module("projects.models")
    labels_of = import_module("labels.models")
    read_format = import_module("data_import.pipeline.catalog").create_file_format
    file_name = import_module("data_import.pipeline.readers").FileName
    load_dataset = import_module("data_import.datasets").load_dataset
    export_dataset = import_module("data_export.celery_tasks").export_dataset

    users = import_module("django.contrib.auth").get_user_model().objects
    user = users.create_superuser("lan", "lan@bao.example", "x")
    make = {
        "IntentDetectionAndSlotFilling": models.IntentDetectionAndSlotFillingProject,
        "DocumentClassification": models.TextClassificationProject,
        "SequenceLabeling": models.SequenceLabelingProject,
    }[project_type]
    project = make.objects.create(
        name="t", project_type=project_type, collaborative_annotation=True, created_by=user
    )
    names = [file_name(full_path=str(file), generated_name=file.name, upload_name=file.name)]
    columns = {"column_data": "text", "column_label": "label", "encoding": "utf_8"}
    dataset = load_dataset(project_type, read_format("JSONL"), names, project, **columns)
    dataset.save(user, batch_size=100)
    assert not dataset.errors, dataset.errors
    is_sequence = project_type == "SequenceLabeling"
    labels = labels_of.Span if is_sequence else labels_of.Category
    of_lead = labels.objects.filter(example__meta__sentence_id="bai-000:0001")
    if is_sequence:
        of_lead.order_by("start_offset").last().delete()
    else:
        of_lead.get(label__text="government").delete()
    archive = export_dataset(project.pk, "JSONL")
    shutil.unpack_archive(archive, "given")
    shutil.copy(Path("given") / "all.jsonl", output)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
