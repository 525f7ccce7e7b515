//! A map to print: A4 landscape, with its title, its legend, its scale and its sources.

use super::frame::{BACKGROUND, Frame, PAPER};
use crate::export::about::About;
use crate::markup::escaped;

/// The layout of a part of a perimeter, of the whole when it has none, around a map of the layers of the project;
/// `legend` is the tree of those it names.
pub(super) fn layout(about: &About, part: Option<&str>, frame: &Frame, legend: &str) -> String {
    let of_part = part.map(|part| format!(" – {part}")).unwrap_or_default();
    let name = escaped(&format!("Carte A4{of_part}"));
    let title = escaped(&format!("{}{of_part}", about.title));
    let counted = escaped(&about.counted);
    let foot = format!(
        "{} Atlas {}. Sources\u{a0}: {}.",
        about.method,
        about.atlas.get(..12).unwrap_or_default(),
        sources(about)
    );
    // Five lines at most, however many sources there are.
    let size = match foot.chars().count() {
        0..=900 => 7,
        901..=1_250 => 6,
        _ => 5,
    };
    let foot = escaped(&foot);
    let [west, south, east, north] = frame.printed();
    let [width, height] = PAPER;
    let [red, green, blue] = BACKGROUND;
    let bar = frame.bar();
    // Kinds of items are numbers of QGIS: 65638 a page, 65639 a map, 65641 a text, 65642 a legend, 65646 a scale.
    format!(
        r#"<Layout name="{name}" units="mm" printResolution="300">
<PageCollection><LayoutItem type="65638" uuid="{{page}}" size="297,210,mm" position="0,0,mm" background="true"/></PageCollection>
<LayoutItem type="65641" id="Titre" position="10,5,mm" size="277,9,mm" zValue="5" labelText="{title}" halign="1" valign="128" marginX="0" marginY="0">
<LabelFont description="Open Sans,18,-1,5,75,0,0,0,0,0"/><FontColor red="31" green="41" blue="51"/></LayoutItem>
<LayoutItem type="65641" id="Question" position="10,14,mm" size="277,6,mm" zValue="5" labelText="{counted}" halign="1" valign="128" marginX="0" marginY="0">
<LabelFont description="Open Sans,9,-1,5,50,0,0,0,0,0"/><FontColor red="85" green="85" blue="85"/></LayoutItem>
<LayoutItem type="65639" id="Carte" uuid="{{map}}" position="10,22,mm" size="{width},{height},mm" zValue="1" frame="true" outlineWidthM="0.2,mm" background="true" keepLayerSet="false" drawCanvasItems="false">
<FrameColor red="120" green="120" blue="120" alpha="255"/><BackgroundColor red="{red}" green="{green}" blue="{blue}" alpha="255"/>
<Extent xmin="{west}" ymin="{south}" xmax="{east}" ymax="{north}"/></LayoutItem>
<LayoutItem type="65642" id="Légende" map_uuid="{{map}}" position="204,22,mm" size="83,150,mm" zValue="3" title="Légende" titleAlignment="1" symbolWidth="6" symbolHeight="3.5" boxSpace="0" columnCount="1" wrapString="" resizeToContents="1" background="false">
<styles>
<style name="title" alignment="1" marginBottom="1"><styleFont description="Open Sans,12,-1,5,75,0,0,0,0,0"/></style>
<style name="group" alignment="1" marginTop="3"><styleFont description="Open Sans,10,-1,5,75,0,0,0,0,0"/></style>
<style name="subgroup" alignment="1" marginTop="2"><styleFont description="Open Sans,9,-1,5,50,1,0,0,0,0"/></style>
<style name="symbol" alignment="1" marginTop="1.5"><styleFont description="Open Sans,9,-1,5,50,0,0,0,0,0"/></style>
<style name="symbolLabel" alignment="1" marginTop="1.5" marginLeft="2"><styleFont description="Open Sans,9,-1,5,50,0,0,0,0,0"/></style>
</styles>
{legend}</LayoutItem>
<LayoutItem type="65646" id="Échelle" mapUuid="{{map}}" position="14,174,mm" size="60,12,mm" zValue="4" style="Single Box" unitType="km" unitLabel="km" numUnitsPerSegment="{bar}" numMapUnitsPerScaleBarUnit="1" numSegments="2" numSegmentsLeft="0" height="1.5" labelBarSpace="1" boxContentSpace="1.5" segmentSizeMode="0" background="true">
<BackgroundColor red="255" green="255" blue="255" alpha="200"/>
<text-style fontFamily="Open Sans" fontSize="8" fontSizeUnit="Point" fontWeight="50" textColor="31,41,51,255" textOpacity="1"/></LayoutItem>
<LayoutItem type="65641" id="Sources" position="10,190,mm" size="277,16,mm" zValue="2" halign="1" valign="32" marginX="0" marginY="0" labelText="{foot}">
<LabelFont description="Open Sans,{size},-1,5,50,0,0,0,0,0"/><FontColor red="85" green="85" blue="85"/></LayoutItem>
</Layout>
"#
    )
}

/// The sources with their vintage and licence, tables of one publication together: `Code officiel géographique : EPCI,
/// régions (2026, MIT)`.
fn sources(about: &About) -> String {
    let mut groups: Vec<(&str, [&str; 2], Vec<&str>)> = Vec::new();
    for [name, vintage, licence] in &about.sources {
        let (publication, table) =
            name.split_once("\u{a0}: ").or(name.split_once(" : ")).unwrap_or((name, ""));
        let terms = [vintage.as_str(), licence.as_str()];
        let known = groups.iter_mut().find(|(own, same, _)| (*own, *same) == (publication, terms));
        match known {
            Some((_, _, tables)) if !table.is_empty() => tables.push(table),
            _ => groups.push((publication, terms, if table.is_empty() { vec![] } else { vec![table] })),
        }
    }
    let one = |(publication, [vintage, licence], tables): (&str, [&str; 2], Vec<&str>)| {
        let colon = if tables.is_empty() { "" } else { "\u{a0}: " };
        format!("{publication}{colon}{} ({vintage}, {licence})", tables.join(", "))
    };
    groups.into_iter().map(one).collect::<Vec<_>>().join("\u{a0}; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_one_publication_are_said_together_and_no_source_is_lost() {
        let source = |name: &str| [name.to_owned(), "2026".to_owned(), "MIT".to_owned()];
        let about = About {
            title: String::new(),
            counted: String::new(),
            method: "",
            warnings: Vec::new(),
            question: String::new(),
            atlas: String::new(),
            sources: vec![source("COG\u{a0}: EPCI"), source("Mairies"), source("COG\u{a0}: régions")],
        };
        assert_eq!(sources(&about), "COG\u{a0}: EPCI, régions (2026, MIT)\u{a0}; Mairies (2026, MIT)");
    }
}
