"""What QGIS makes of our files and of a server, for the Python of the system (apt: qgis python3-qgis qgis-providers).

    in_qgis.py JOBS.json

JOBS: {"folder": where pictures go, "view": {"zoom", "lat", "lon", "size": [width, height]}, "web": a picture of the page
at that view, "colours": the classes to compare by, "jobs": [{"name", "layers": [[provider, source], …]} or {"name",
"project", "group"}, …]}. A source ending in `.zip` is unpacked beside itself, and its layers are those of the files in it.

Each job is drawn at the same view into NAME.png. Prints JSON: for each job its layers (validity, features, renderer,
classes, aliases, display field, scales), the share of each colour among those of all classes, and of the picture of the
page too.
"""

import glob
import json
import math
import os
import sys
import zipfile

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (  # noqa: E402
    QgsApplication, QgsCoordinateReferenceSystem, QgsLayerTreeModel, QgsLayoutExporter, QgsLayoutItemMap,
    QgsMapRendererParallelJob, QgsMapSettings, QgsProject, QgsRectangle, QgsRuleBasedRenderer, QgsVectorLayer,
    QgsVectorTileLayer,
)  # fmt: skip
from qgis.gui import QgsLayerTreeView, QgsMapCanvas  # noqa: E402
from qgis.PyQt.QtCore import QSize, Qt  # noqa: E402
from qgis.PyQt.QtGui import QColor, QImage  # noqa: E402
from qgis.PyQt.QtWidgets import QHBoxLayout, QWidget  # noqa: E402

MERCATOR = QgsCoordinateReferenceSystem("EPSG:3857")
# Dots an inch of a printed page.
PRINTED = 100
# The circumference of EPSG:3857 in metres, and the pixels of a tile of the page.
AROUND, TILE = 2 * math.pi * 6378137, 512


def extent(view):
    """The box that the page shows at a zoom and a centre."""
    width, height = view["size"]
    metres = AROUND / (TILE * 2 ** view["zoom"])
    x = math.radians(view["lon"]) * 6378137
    y = math.asinh(math.tan(math.radians(view["lat"]))) * 6378137
    return QgsRectangle(x - metres * width / 2, y - metres * height / 2, x + metres * width / 2, y + metres * height / 2)


def told(layer):
    told = {
        "name": layer.name(),
        "valid": layer.isValid(),
        "crs": layer.crs().authid(),
        "attribution": layer.attribution(),
        "scales": [layer.maximumScale(), layer.minimumScale()] if layer.hasScaleBasedVisibility() else None,
    }
    renderer = layer.renderer() if layer.isValid() else None
    if isinstance(layer, QgsVectorTileLayer):
        styles = renderer.styles()
        told["renderer"] = renderer.type()
        told["classes"] = [[style.styleName(), style.symbol().color().name()] for style in styles]
    elif renderer:
        told["renderer"] = renderer.type()
        told["features"] = layer.featureCount()
        told["aliases"] = {field.name(): field.alias() for field in layer.fields()}
        told["display"] = layer.displayExpression()
        if isinstance(renderer, QgsRuleBasedRenderer):
            rules = renderer.rootRule().children()
            told["classes"] = [[rule.label(), rule.symbol().color().name()] for rule in rules]
            told["names"] = sorted(feature["name"] for feature in layer.getFeatures())[:3]
    return told


def draw(layers, view, path):
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(MERCATOR)
    settings.setBackgroundColor(QColor("#f4f2ee"))
    settings.setOutputSize(QSize(*[round(pixels) for pixels in view["size"]]))
    settings.setExtent(extent(view))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    assert not job.errors(), [error.message for error in job.errors()]
    image = job.renderedImage()
    assert image.save(path), path
    return image


def shares(image, colours):
    """How much each colour covers of what they cover together; every fourth pixel, two steps more or less."""
    counts = dict.fromkeys(colours, 0)
    known = [(colour, QColor(colour).getRgb()[:3]) for colour in colours]
    for y in range(0, image.height(), 2):
        for x in range(0, image.width(), 2):
            pixel = QColor(image.pixel(x, y)).getRgb()[:3]
            for colour, wanted in known:
                if all(abs(a - b) <= 2 for a, b in zip(pixel, wanted)):
                    counts[colour] += 1
    every = sum(counts.values())
    assert every > 1000, f"a blank map: {counts}"
    return {colour: count / every for colour, count in counts.items()}


def unpacked(path):
    folder = path[: -len(".zip")]
    zipfile.ZipFile(path).extractall(folder)
    return folder


def of_files(job):
    layers = []
    for provider, source in job["layers"]:
        if source.endswith(".zip"):
            found = sorted(glob.glob(unpacked(source) + "/*.fgb"), reverse=True)
            layers += [QgsVectorLayer(path, os.path.basename(path)[: -len(".fgb")], provider) for path in found]
        else:
            layers.append(QgsVectorLayer(source, source.rsplit("=", 1)[-1], provider))
    return {"layers": [told(layer) for layer in layers]}, layers


def of_project(job, view, folder):
    project = QgsProject.instance()
    path = glob.glob(unpacked(job["project"]) + "/*.qgz")[0]
    assert project.read(path), project.error()
    root = project.layerTreeRoot()
    nodes = (root.findGroup(job["group"]) if job.get("group") else root).findLayers()
    layers = [node.layer() for node in nodes if job.get("group") or node.isVisible()]
    model = QgsLayerTreeModel(root)
    answer = {
        "title": project.title(),
        "crs": project.crs().authid(),
        "groups": [group.name() for group in root.findGroups()],
        "layers": [told(layer) for layer in layers],
        "legend": {node.layer().id(): [n.data(0) for n in model.layerLegendNodes(node)] for node in nodes},
    }
    if not job.get("group"):
        answer["layout"] = printed(project, f"{folder}/{job['name']}-layout.png")
        window(project, view, f"{folder}/{job['name']}-window.png")
    return answer, layers


def save(image, path):
    """256 colours: a third of the size, and flat classes do not show the difference."""
    assert image.convertToFormat(QImage.Format_Indexed8, Qt.AvoidDither).save(path), path


def printed(project, path):
    """The first layout as a picture; where its items are on paper, in millimetres: left, top, right, bottom."""
    layout = project.layoutManager().printLayouts()[0]
    image = QgsLayoutExporter(layout).renderPageToImage(0, QSize(), PRINTED)
    save(image, path)
    items = {}
    for item in layout.items():
        if hasattr(item, "uuid"):
            box = item.sceneBoundingRect()
            items[item.displayName()[:40]] = [box.left(), box.top(), box.right(), box.bottom()]
    scale = [item.scale() for item in layout.items() if isinstance(item, QgsLayoutItemMap)][0]
    return {"name": layout.name(), "items": items, "scale": scale}


def window(project, view, path):
    """The layers and the map side by side, as the window of QGIS shows them."""
    frame = QWidget()
    frame.resize(1200, 620)
    row = QHBoxLayout(frame)
    tree = QgsLayerTreeView()
    # The view does not own it.
    model = QgsLayerTreeModel(project.layerTreeRoot())
    tree.setModel(model)
    tree.expandAll()
    tree.setFixedWidth(430)
    canvas = QgsMapCanvas()
    canvas.setCanvasColor(project.backgroundColor())
    canvas.enableAntiAliasing(True)
    row.addWidget(tree)
    row.addWidget(canvas)
    frame.show()
    QgsApplication.processEvents()
    canvas.setDestinationCrs(MERCATOR)
    canvas.setLayers([node.layer() for node in project.layerTreeRoot().findLayers() if node.isVisible()])
    canvas.setExtent(project.viewSettings().defaultViewExtent())
    canvas.refresh()
    canvas.waitWhileRendering()
    QgsApplication.processEvents()
    save(frame.grab().toImage(), path)
    frame.hide()


def main(path):
    with open(path) as file:
        asked = json.load(file)
    folder, view, colours = asked["folder"], asked["view"], asked["colours"]
    application = QgsApplication([], True)
    application.initQgis()
    answers = {"page": {"shares": shares(QImage(asked["web"]), colours)}}
    for job in asked["jobs"]:
        answer, layers = of_project(job, view, folder) if "project" in job else of_files(job)
        drawn = draw([layer for layer in layers if layer.isValid()], view, f"{folder}/{job['name']}.png")
        answer["shares"] = shares(drawn, colours)
        answers[job["name"]] = answer
        del layers
        QgsProject.instance().clear()
    print(json.dumps(answers, ensure_ascii=False))
    sys.stdout.flush()
    # QGIS frees what Python still holds, and crashes.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
